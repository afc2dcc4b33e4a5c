#pragma once

#include <expected>
#include <string>

namespace sallyport::app {

// A seccomp filter (seccomp(2)) for the whole process, for good: only the system calls that a
// gateway makes. An attempt to run a program, to look into another process or to change the system
// ends the process at once; anything else that is not listed is answered as if the kernel did not
// know it. Or why not. Needs PR_SET_NO_NEW_PRIVS.
std::expected<void, std::string> allow_only_system_calls();

}  // namespace sallyport::app
