#pragma once

#include <string>

#include "app/landlock.h"

namespace sallyport::app {

// What a sandbox is made of here, in words for the log: "7", "active", "none", or why not.
struct Sandbox {
  std::string landlock;
  std::string system_calls;
  std::string capabilities;
};

// Gives up, for good, what a running gateway does not need: new privileges, capabilities, files
// other than `files`, system calls. What the kernel cannot keep from us is passed over and said.
// Before any thread is started: most of it is for this thread and those that come later.
Sandbox enter_sandbox(const UsedFiles& files);

// Why this build cannot have one (a sanitizer needs more than a gateway); null: it can.
const char* no_sandbox_here();

}  // namespace sallyport::app
