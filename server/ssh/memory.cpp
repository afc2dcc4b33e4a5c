#include "ssh/memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace sallyport::ssh {
namespace {

struct alignas(std::max_align_t) Header {
  std::size_t bytes;
};

constexpr std::size_t kSmall = 4096;  // bytes; keys, shared secrets and signatures are smaller

Header* header_of(void* block) { return static_cast<Header*>(block) - 1; }

}  // namespace

void* Memory::allocate(std::size_t bytes) {
  if (bytes > kLimit || used_ > kLimit - bytes) return nullptr;
  auto* header = static_cast<Header*>(std::malloc(sizeof(Header) + bytes));
  if (!header) return nullptr;
  header->bytes = bytes;
  used_ += bytes;
  return header + 1;
}

void* Memory::resize(void* block, std::size_t bytes) {
  // Never realloc(3): it may move the bytes and leave a copy behind.
  void* moved = allocate(bytes);
  if (moved && block) {
    std::memcpy(moved, block, std::min(bytes, header_of(block)->bytes));
    release(block);
  }
  return moved;
}

void Memory::release(void* block) {
  if (!block) return;
  Header* header = header_of(block);
  used_ -= header->bytes;
  if (login_ || header->bytes <= kSmall) explicit_bzero(block, header->bytes);
  std::free(header);
}

}  // namespace sallyport::ssh
