#include "app/setting_groups.h"
#include "app/setting_kinds.h"

namespace sallyport::app::groups {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;

}  // namespace

std::vector<Setting> session() {
  using S = Settings;
  using namespace kinds;
  using namespace std::chrono_literals;
  return {
      bytes(
          "session.window", &S::window_bytes, 16 * kKiB, 16 * kMiB, "512KiB",
          "How much output a page may have unread, at most, before the shell waits. A slow page or "
          "network gets less by itself, so that Ctrl-C acts soon; more wins throughput far away."),
      bytes("session.log", &S::log_bytes, 64 * kKiB, kGiB, "4MiB",
            "How much of each session's newest output is kept in memory. At least session.window, "
            "because unread output lives here."),
      bytes(
          "session.ssh_window", &S::ssh_window_bytes, 32 * kKiB, 16 * kMiB, "1MiB",
          "How much output a host may send, at most, before the gateway reads it: the SSH receive "
          "window of each session. It begins with 64 KiB and grows while the browser keeps up."),
      duration(
          "session.hold", &S::hold, 0ms, 24h, "10m",
          "While nobody is there: how long a shell whose output fills session.log waits, so that "
          "a short absence loses nothing. After that it runs on and the newest output is kept."),
      duration("session.detached_limit", &S::detached_limit, 0ms, 720h, "8h",
               "How long a session lives on when nobody is there any more. 0s ends it with its "
               "browser's connection."),
      duration("session.idle_limit", &S::idle_limit, 0ms, 720h, "30m",
               "Ends a session when nothing was typed for so long, whoever watches. 0s: never."),
      duration("session.time_limit", &S::time_limit, 0ms, 720h, "12h",
               "Ends a session when it is so old. 0s: never."),
      count("session.watchers", &S::watchers, 0, 1000, "2",
            "How many may look on at one session, read-only, with the link its user gives them. 0 "
            "turns that off."),
  };
}

}  // namespace sallyport::app::groups
