#include "app/memory_image.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace sallyport::app {

void keep_memory_private() {
  // The limit is for core files; a core_pattern that is a pipe passes it over, but not the flag.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace sallyport::app
