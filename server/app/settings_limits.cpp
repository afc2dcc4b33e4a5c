#include "app/setting_groups.h"
#include "app/setting_kinds.h"

namespace sallyport::app::groups {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;

}  // namespace

std::vector<Setting> limits() {
  using S = Settings;
  using namespace kinds;
  return {
      bytes("limits.log_memory", &S::log_memory_bytes, kMiB, 1024 * kGiB, "2GiB",
            "Memory for the kept output of all sessions together. Beyond it the output of those "
            "whose user has been away the longest is forgotten; a session somebody uses keeps its "
            "own."),
      count(
          "limits.sessions", &S::max_sessions, 1, 1'000'000, "200",
          "Shells open at once; the next user is told that the gateway is full, so that those who "
          "work keep their memory."),
  };
}

}  // namespace sallyport::app::groups
