#include "ssh/host_keys.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <expected>
#include <system_error>

#include "ssh/known_hosts.h"

namespace sallyport::ssh {
namespace {

constexpr std::size_t kMaxFile = 64 * 1024 * 1024;  // bytes; far beyond any real one

std::string reason_of(int error) { return std::generic_category().message(error); }

base::Failure unreadable(int error) {
  return base::failure::host_keys_unreadable(reason_of(error));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// A file that is not there is an empty one. Else the errno.
std::expected<std::string, int> read_whole(const std::filesystem::path& file) {
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::string();
    return std::unexpected(errno);
  }
  std::string text;
  std::array<char, 16 * 1024> piece;
  for (;;) {
    const ssize_t n = ::read(fd.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(errno);
    if (n == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(n));
    if (text.size() > kMaxFile) return std::unexpected(EFBIG);
  }
}

template <class Each>
void for_each_entry(std::string_view text, std::string_view name, Each each) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    const auto entry = parse_known_host(line);
    if (entry && names_host(entry->patterns, name)) each(*entry);
  }
}

HostKeyCheck check_in(std::string_view text, std::string_view name, const HostKey& key) {
  bool revoked = false, known = false;
  std::string same_type, other_type;  // blobs on file
  for_each_entry(text, name, [&](const KnownHost& entry) {
    if (entry.marker == KnownHost::Marker::kRevoked) {
      revoked = revoked || entry.blob == key.blob;
    } else if (entry.marker == KnownHost::Marker::kNone) {
      if (entry.blob == key.blob) known = true;
      std::string& kept = entry.type == key.algorithm ? same_type : other_type;
      if (kept.empty()) kept = entry.blob;
    }
  });
  if (revoked) return {HostKeyVerdict::kRevoked, {}};
  if (known) return {HostKeyVerdict::kKnown, {}};
  // The handshake asked for the types on file first. A host that answers with another type has lost
  // its key, or is not that host: both are for its administrator to say.
  const std::string& expected = same_type.empty() ? other_type : same_type;
  if (!expected.empty()) return {HostKeyVerdict::kChanged, HostKey{"", expected}.fingerprint()};
  return {HostKeyVerdict::kUnknown, {}};
}

// 0, or the errno of what failed.
int append_line(const std::filesystem::path& file, std::string_view line) {
  const Descriptor fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (fd.get() < 0) return errno;
  while (!line.empty()) {
    const ssize_t n = ::write(fd.get(), line.data(), line.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    line.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(fd.get()) == 0 ? 0 : errno;
}

// Made for us alone, with what is missing above it.
int make_folder(const std::filesystem::path& folder) {
  if (folder.empty() || ::access(folder.c_str(), F_OK) == 0) return 0;
  if (const int error = make_folder(folder.parent_path())) return error;
  return ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST ? 0 : errno;
}

}  // namespace

std::string HostKey::fingerprint() const {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(blob.data()), blob.size(), digest.data());
  std::string text = to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  while (text.ends_with('=')) text.pop_back();
  return "SHA256:" + text;
}

HostKeys::HostKeys(std::filesystem::path file) : file_(std::move(file)) {}

base::Result<std::vector<std::string>> HostKeys::known_types(std::string_view host,
                                                             unsigned port) const {
  const std::lock_guard lock(mutex_);
  const auto text = read_whole(file_);
  if (!text) return std::unexpected(unreadable(text.error()));
  std::vector<std::string> types;
  for_each_entry(*text, known_host_name(host, port), [&](const KnownHost& entry) {
    if (entry.marker == KnownHost::Marker::kNone &&
        std::ranges::find(types, entry.type) == types.end()) {
      types.push_back(entry.type);
    }
  });
  return types;
}

base::Result<HostKeyCheck> HostKeys::check(std::string_view host, unsigned port,
                                           const HostKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto text = read_whole(file_);
  if (!text) return std::unexpected(unreadable(text.error()));
  return check_in(*text, known_host_name(host, port), key);
}

base::Result<void> HostKeys::save(std::string_view host, unsigned port, const HostKey& key) {
  const std::lock_guard lock(mutex_);
  const auto not_saved = [&](int error) {
    return std::unexpected(base::failure::host_key_not_saved(host, reason_of(error)));
  };
  // What could be read as two lines, a pattern or a marker is not written.
  if (host.empty() || host.find_first_of(" \t\r\n,*?!|@#") != host.npos) return not_saved(EINVAL);
  const std::string name = known_host_name(host, port);
  const auto text = read_whole(file_);
  if (!text) return not_saved(text.error());
  // Since the key was checked, while a user read its fingerprint, somebody else may have accepted
  // one: the first stands.
  const HostKeyCheck check = check_in(*text, name, key);
  switch (check.verdict) {
    case HostKeyVerdict::kKnown:
      return {};
    case HostKeyVerdict::kChanged:
      return std::unexpected(
          base::failure::host_key_changed(host, check.expected, key.fingerprint()));
    case HostKeyVerdict::kRevoked:
      return std::unexpected(base::failure::host_key_revoked(host, key.fingerprint()));
    case HostKeyVerdict::kUnknown:
      break;
  }
  if (const int error = make_folder(file_.parent_path())) return not_saved(error);
  std::string line = known_host_line(name, key.algorithm, key.blob);
  if (!text->empty() && !text->ends_with('\n'))
    line.insert(0, "\n");  // somebody's editor left it off
  if (const int error = append_line(file_, line)) return not_saved(error);
  return {};
}

}  // namespace sallyport::ssh
