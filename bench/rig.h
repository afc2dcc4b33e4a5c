#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "options.h"
#include "process.h"
#include "terminal.h"

namespace sallyport::bench {

// A gateway of our own on 127.0.0.1.
struct Gateway {
  Gateway(const Options& options, const std::string& known_hosts,
          const std::vector<std::string>& flags);
  Process process;
  unsigned port = 0;
  pid_t pid() const { return process.pid(); }
};

// What the figures run on: an OpenSSH server, a scripted one, gateways; each started when it is
// first needed, all on loopback, all ended with it.
class Rig {
 public:
  explicit Rig(Options options);
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  const Options& options() const { return options_; }
  const std::filesystem::path& folder() const { return folder_; }
  // An account on a real OpenSSH server that gives a real shell.
  const Target& host();
  // thousands of shells that are none (scripted_host.cpp).
  const Target& scripted_host();
  // The gateway with its default settings.
  Gateway& gateway();
  // One with flags of its own, for what changes or fills it. The hosts' keys are known to it.
  std::unique_ptr<Gateway> own_gateway(const std::vector<std::string>& flags = {});
  // A shell on host().
  std::unique_ptr<Terminal> open(Way way);
  // A command line that runs a program of host_programs.h on host().
  std::string program(const std::string& words) const;

 private:
  void start_host();
  std::string known_hosts();
  Options options_;
  std::filesystem::path folder_;
  std::unique_ptr<Process> host_process_;
  Target host_;
  std::unique_ptr<Process> scripted_process_;
  Target scripted_;
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace sallyport::bench
