#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "throwaway_keys.h"

namespace sallyport::support {

// An account for servers that look for keys in a home and for passwords in the system's files: in a
// mount namespace of their own, where /etc/passwd gives whoever runs the tests a throwaway home, a
// password and /bin/sh. Nothing of the system's is touched. As another user than root it needs user
// namespaces, which Debian allows.
class ThrowawayAccount {
 public:
  ThrowawayAccount();
  const std::string& user() const { return user_; }
  const std::string& password() const { return password_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  void authorize(const std::vector<std::string>& public_lines) const;
  // The arguments that run a program there. PAM's rules for sshd are pam_unix(8) alone.
  std::vector<std::string> inside(const std::vector<std::string>& arguments) const;

 private:
  TemporaryFolder folder_;
  std::string user_;
  std::string password_ = "correct battery";
};

}  // namespace sallyport::support
