#include "app/sandbox.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "app/system_calls.h"

namespace sallyport::app {
namespace {

std::string reason() { return std::generic_category().message(errno); }

// None is left, in any of the sets, and none can come back.
std::string drop_capabilities() {
  // Needs CAP_SETPCAP; who has none has no others that matter either. EINVAL: that was the last.
  for (unsigned long capability = 0;
       ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0 && capability < 64; ++capability) {
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  if (::syscall(SYS_capset, &header, none.data()) == 0) return "none";
  const std::string refused = reason();
  // Whoever started it may have taken them already, and the call with them.
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> held{};
  if (::syscall(SYS_capget, &header, held.data()) != 0) return refused;
  const bool any = std::ranges::any_of(held, [](const auto& set) {
    return set.effective != 0 || set.permitted != 0 || set.inheritable != 0;
  });
  return any ? refused : "none";
}

}  // namespace

Sandbox enter_sandbox(const UsedFiles& files) {
  Sandbox sandbox;
  // What a set-user-ID program would give is given up too; the two below insist on it.
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return {reason(), reason(), reason()};
  }
  // Before the capabilities go: a place that only root may look into gets its rule still.
  const auto landlock = allow_only_files(files);
  sandbox.landlock = landlock ? std::to_string(*landlock) : landlock.error();
  sandbox.capabilities = drop_capabilities();
  const auto calls = allow_only_system_calls();
  sandbox.system_calls = calls ? "active" : calls.error();
  return sandbox;
}

const char* no_sandbox_here() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return "built with a sanitizer";
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
  return "built with a sanitizer";
#else
  return nullptr;
#endif
#else
  return nullptr;
#endif
}

}  // namespace sallyport::app
