#pragma once

namespace sallyport::app {

// Passwords and keys pass through this process: no image of its memory is ever written, whatever
// ends it, and no other process of the same user may look into it.
void keep_memory_private();

}  // namespace sallyport::app
