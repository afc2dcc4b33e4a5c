#pragma once

#include <memory>
#include <string>

#include "server_process.h"
#include "throwaway_account.h"

namespace sallyport::support {

// The real Dropbear on loopback, as whoever runs the tests, with a throwaway account.
class DropbearServer {
 public:
  // `authorized_keys`: public key lines, besides key()'s.
  explicit DropbearServer(const std::vector<std::string>& authorized_keys = {});
  const std::string& host() const { return host_; }
  unsigned port() const { return port_; }
  const std::string& user() const { return account_.user(); }
  const KeyPair& key() const { return key_; }
  const std::string& password() const { return account_.password(); }
  std::string log() { return process_->said(); }

 private:
  ThrowawayAccount account_;
  std::string host_ = "127.0.0.1";
  unsigned port_ = 0;
  KeyPair key_;
  std::unique_ptr<ServerProcess> process_;
};

}  // namespace sallyport::support
