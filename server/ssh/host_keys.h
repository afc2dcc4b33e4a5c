#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"

namespace sallyport::ssh {

enum class HostKeyPolicy { kAsk, kStrict, kAcceptNew };

struct HostKey {
  std::string algorithm;            // "ssh-ed25519"
  std::string blob;                 // the public key's wire form (RFC 4253, section 6.6)
  std::string fingerprint() const;  // "SHA256:" + base64 without padding
};

enum class HostKeyVerdict { kKnown, kUnknown, kChanged, kRevoked };
struct HostKeyCheck {
  HostKeyVerdict verdict = HostKeyVerdict::kUnknown;
  std::string expected;  // kChanged: the fingerprint that is on file
};

// The known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT: plain, [host]:port, wildcards,
// negation, hashed names,
// @revoked). It is read again at each use, so that an operator's edit counts at once. Blocks:
// workers only. Thread safe.
class HostKeys {
 public:
  explicit HostKeys(
      std::filesystem::path file);  // need not exist; its folder is made (0700) on the first save

  // Key types on file for the host, as SSH names, so that the handshake asks for one we can check.
  // base::Failure when the file exists and cannot be read.
  base::Result<std::vector<std::string>> known_types(std::string_view host, unsigned port) const;
  base::Result<HostKeyCheck> check(std::string_view host, unsigned port, const HostKey& key) const;
  // Appends one line (0600, fsync); twice the same is written once.
  base::Result<void> save(std::string_view host, unsigned port, const HostKey& key);

 private:
  std::filesystem::path file_;
  mutable std::mutex mutex_;
};

}  // namespace sallyport::ssh
