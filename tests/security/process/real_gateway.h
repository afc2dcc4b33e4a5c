#pragma once

#include <string>
#include <vector>

#include "integration/app/process.h"
#include "support/throwaway_keys.h"
#include "support/web_socket_client.h"

namespace sallyport::support {

// The real program as a process of its own, with what it says and what it is to the kernel.
class RealGateway {
 public:
  using Json = WebSocketClient::Json;

  // `flags` come after ours: loopback, any port, debug lines, its own known_hosts, metrics.
  explicit RealGateway(const std::vector<std::string>& flags = {});

  unsigned port() const { return port_; }
  unsigned metrics_port() const { return metrics_port_; }
  pid_t pid() const { return process_.pid(); }
  app::Process& process() { return process_; }
  std::filesystem::path known_hosts() const { return folder_.path() / "state" / "known_hosts"; }

  WebSocketClient connect() const;
  // An `open` frame for a host on loopback; `changes` is merged into it.
  static Json open_frame(unsigned port, const Json& auth, const Json& changes = Json::object());
  // The body of a GET.
  static std::string get(unsigned port, const std::string& target);
  // Waits until no terminal's socket and no session is left.
  void wait_until_idle() const;
  // A file of /proc/PID, whole.
  std::string proc(const std::string& name) const;

 private:
  TemporaryFolder folder_;
  app::Process process_;
  unsigned port_ = 0;
  unsigned metrics_port_ = 0;
};

}  // namespace sallyport::support
