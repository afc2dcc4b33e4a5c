#include "ssh/memory.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace sallyport::ssh {
namespace {

constexpr std::size_t kSmall = 4096;  // bytes; keys, shared secrets and signatures are smaller

}  // namespace

Memory::~Memory() {
  for (void* block : blocks_) {
    explicit_bzero(block, malloc_usable_size(block));
    std::free(block);
  }
}

// The blocks are malloc(3)'s own, without a header of ours: see keep_track().
void* Memory::allocate(std::size_t bytes) {
  if (bytes > kLimit || used_ > kLimit - bytes) return nullptr;
  void* block = std::malloc(std::max(bytes, std::size_t{1}));
  if (!block) return nullptr;
  used_ += malloc_usable_size(block);
  if (keeps_track_) blocks_.insert(block);
  return block;
}

void* Memory::resize(void* block, std::size_t bytes) {
  // Never realloc(3): it may move the bytes and leave a copy behind.
  void* moved = allocate(bytes);
  if (moved && block) {
    std::memcpy(moved, block, std::min(bytes, malloc_usable_size(block)));
    release(block);
  }
  return moved;
}

void Memory::release(void* block) {
  if (!block) return;
  const std::size_t bytes = malloc_usable_size(block);
  used_ -= std::min(used_, bytes);
  blocks_.erase(block);
  if (login_ || bytes <= kSmall) explicit_bzero(block, bytes);
  std::free(block);
}

}  // namespace sallyport::ssh
