#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server_process.h"
#include "throwaway_account.h"
#include "throwaway_keys.h"

namespace sallyport::support {

// The real sshd on loopback, as whoever runs the tests (root or not), with throwaway keys. Signs in
// by public key and, with `passwords`, also by the password of a throwaway account, told at once or
// asked for by PAM.
class OpenSshServer {
 public:
  struct Options {
    std::vector<std::string> config =
        {};  // lines of sshd_config(5), before ours: the first of a keyword wins
    std::vector<std::string> authorized_keys = {};  // public key lines; always also key()'s
    bool ipv6 = false;                              // listen on [::1] in place of 127.0.0.1
    std::string host_key_type = "ed25519";
    bool passwords = false;
  };
  OpenSshServer() : OpenSshServer(Options()) {}
  explicit OpenSshServer(Options options);

  const std::string& host() const { return host_; }
  unsigned port() const { return port_; }
  const std::string& user() const { return user_; }
  const KeyPair& key() const { return key_; }                           // lets the user in
  const std::string& password() const { return account_->password(); }  // with `passwords`
  const KeyPair& host_key() const { return host_key_; }                 // the server's own
  std::string log() { return process_->said(); }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  std::string host_;
  unsigned port_ = 0;
  std::string user_;
  KeyPair key_, host_key_;
  std::unique_ptr<ThrowawayAccount> account_;
  std::unique_ptr<ServerProcess> process_;
};

// The name of the account that runs the tests.
std::string current_user();
// A program of the system's, also where PATH has no sbin; throws when there is none.
std::string system_program(const std::string& name);

}  // namespace sallyport::support
