#include "app/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace sallyport::app {
namespace {

// The kernel's interface as of ABI 6, which is newer than Debian 12's header; it only ever grows,
// and the size says how much of it is meant.
struct RulesetAttributes {
  std::uint64_t handled_access_fs;
  std::uint64_t handled_access_net;  // ABI 4
  std::uint64_t scoped;              // ABI 6
};
constexpr std::uint64_t kTruncate = 1ULL << 14;     // ABI 3
constexpr std::uint64_t kIoctlDevice = 1ULL << 15;  // ABI 5
constexpr std::uint64_t kBindTcp = 1ULL << 0;
constexpr std::uint64_t kScopeAbstractSockets = 1ULL << 0;
constexpr std::uint64_t kScopeSignals = 1ULL << 1;

// All of ABI 1: LANDLOCK_ACCESS_FS_EXECUTE to LANDLOCK_ACCESS_FS_MAKE_SYM.
constexpr std::uint64_t kFirstRights = (1ULL << 13) - 1;
constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite = kRead | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
                                 LANDLOCK_ACCESS_FS_MAKE_DIR | kTruncate;
// What makes sense for a file that is no folder; the kernel refuses a rule with more.
constexpr std::uint64_t kOfFiles =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;

std::uint64_t rights_of(long abi) {
  std::uint64_t rights = kFirstRights;
  if (abi >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (abi >= 3) rights |= kTruncate;
  if (abi >= 5) rights |= kIoctlDevice;
  return rights;
}

std::size_t size_for(long abi) {
  if (abi >= 6) return sizeof(RulesetAttributes);
  return abi >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

class Ruleset {
 public:
  explicit Ruleset(long abi) : handled_(rights_of(abi)) {
    const RulesetAttributes attributes{handled_, kBindTcp, kScopeAbstractSockets | kScopeSignals};
    fd_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size_for(abi), 0));
  }
  ~Ruleset() {
    if (fd_ >= 0) ::close(fd_);
  }
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;

  bool made() const { return fd_ >= 0; }
  // False: the kernel refused it. What does not exist needs no rule.
  bool allow(const std::filesystem::path& place, std::uint64_t rights) const {
    const int at = ::open(place.c_str(), O_PATH | O_CLOEXEC);
    if (at < 0) return true;
    struct stat facts{};
    if (::fstat(at, &facts) == 0 && !S_ISDIR(facts.st_mode)) rights &= kOfFiles;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = rights & handled_;
    rule.parent_fd = at;
    const bool taken =
        ::syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    ::close(at);
    return taken;
  }
  bool enforce() const { return ::syscall(SYS_landlock_restrict_self, fd_, 0) == 0; }

 private:
  std::uint64_t handled_;
  int fd_ = -1;
};

std::unexpected<std::string> refused() {
  return std::unexpected(std::generic_category().message(errno));
}

}  // namespace

std::expected<int, std::string> allow_only_files(const UsedFiles& files) {
  const long abi =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return std::unexpected("the kernel has no Landlock");
  const Ruleset rules(abi);
  if (!rules.made()) return refused();
  for (const auto& place : files.read) {
    if (!rules.allow(place, kRead)) return refused();
  }
  for (const auto& place : files.write) {
    if (!rules.allow(place, kWrite)) return refused();
  }
  if (!rules.enforce()) return refused();
  return static_cast<int>(abi);
}

}  // namespace sallyport::app
