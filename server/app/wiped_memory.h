#pragma once

#include <malloc.h>
#include <string.h>

#include <cstddef>
#include <cstdlib>

// Every copy of a secret that somebody's code makes on its way, in a string, a handler or a
// parser's buffer, ends as freed memory. So what is freed is wiped, in the whole program: what C++
// frees by wiped_memory.cpp being linked, OpenSSL's by the call below, libssh2's by ssh::Memory. A
// base::Secret wipes itself all the same, since it may live on a stack.
namespace sallyport::app {

// Bytes. What is larger is terminal output or a page; a frame before `opened` has no more.
inline constexpr std::size_t kLongestWiped = 128 * 1024;

inline void wipe_and_free(void* block) {
  if (!block) return;
  const std::size_t size = ::malloc_usable_size(block);
  if (size <= kLongestWiped) ::explicit_bzero(block, size);
  std::free(block);
}

// OpenSSL reads private keys into memory that it does not wipe itself. Before its first allocation.
void wipe_what_openssl_frees();

}  // namespace sallyport::app
