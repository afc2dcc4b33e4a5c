#include "ssh/memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
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

void Memory::give_back_zeros(void* block) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto start = reinterpret_cast<std::uintptr_t>(block);
  const auto end = (start + malloc_usable_size(block)) / page * page;
  const auto is_zero = [page](std::uintptr_t at) {
    const char* const bytes = reinterpret_cast<const char*>(at);
    return bytes[0] == 0 && std::memcmp(bytes, bytes + 1, page - 1) == 0;
  };
  for (auto at = (start + page - 1) / page * page; at < end;) {
    auto run = at;
    while (run < end && is_zero(run)) run += page;
    if (run > at) ::madvise(reinterpret_cast<void*>(at), run - at, MADV_DONTNEED);
    at = run + page;
  }
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
