// The replaceable functions of C++ ([new.delete]). The default operator new takes from malloc(3).
// Not for a build with a sanitizer, which has its own.
#include "app/wiped_memory.h"

#include <new>

void operator delete(void* block) noexcept { sallyport::app::wipe_and_free(block); }
void operator delete(void* block, std::size_t) noexcept { sallyport::app::wipe_and_free(block); }
void operator delete(void* block, std::align_val_t) noexcept {
  sallyport::app::wipe_and_free(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  sallyport::app::wipe_and_free(block);
}
