#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "app/wiped_memory.h"

namespace sallyport::app {
namespace {

void* allocate(std::size_t size, const char*, int) { return std::malloc(size); }
void release(void* block, const char*, int) { wipe_and_free(block); }

// Never realloc(3): it may move the bytes and leave a copy behind.
void* resize(void* block, std::size_t size, const char*, int) {
  void* const moved = size == 0 ? nullptr : std::malloc(size);
  if (size != 0 && !moved) return nullptr;
  if (moved && block) std::memcpy(moved, block, std::min(size, ::malloc_usable_size(block)));
  wipe_and_free(block);
  return moved;
}

}  // namespace

void wipe_what_openssl_frees() { CRYPTO_set_mem_functions(allocate, resize, release); }

}  // namespace sallyport::app
