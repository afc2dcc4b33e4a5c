#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace sallyport::support {

// A port of loopback that nobody listens on at the moment.
unsigned free_port(bool ipv6 = false);

// A server program that runs as a child until this goes. Its standard error is read while it lives.
class ServerProcess {
 public:
  // Waits until `ready` stands in what it says; throws with all it said when it ends before or says
  // nothing for 20 s.
  ServerProcess(const std::vector<std::string>& arguments, const std::string& ready);
  ~ServerProcess();  // SIGTERM to its process group, then waits
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  pid_t pid() const { return pid_; }
  std::string said();  // all so far

 private:
  bool read_more(int milliseconds);
  pid_t pid_ = -1;
  int output_ = -1;
  std::string said_;
};

}  // namespace sallyport::support
