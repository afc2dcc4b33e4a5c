#pragma once

#include <memory>
#include <string>

#include "server_process.h"
#include "throwaway_keys.h"

namespace sallyport::support {

// The real Dropbear on loopback, as whoever runs the tests. It looks for keys in the account's home
// and for passwords in the system's files, so it is given its own: in a mount namespace where
// /etc/passwd names a throwaway home and password. Nothing of the system's is touched. As another
// user than root it needs user namespaces, which Debian allows.
class DropbearServer {
 public:
  DropbearServer();
  const std::string& host() const { return host_; }
  unsigned port() const { return port_; }
  const std::string& user() const { return user_; }
  const KeyPair& key() const { return key_; }
  const std::string& password() const { return password_; }
  std::string log() { return process_->said(); }

 private:
  TemporaryFolder folder_;
  std::string host_ = "127.0.0.1";
  unsigned port_ = 0;
  std::string user_;
  std::string password_ = "correct battery";
  KeyPair key_;
  std::unique_ptr<ServerProcess> process_;
};

}  // namespace sallyport::support
