#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/failure.h"
#include "net/task.h"
#include "net/workers.h"
#include "protocol/frames.h"
#include "ssh/algorithms.h"
#include "ssh/connection.h"
#include "ssh/host_keys.h"
#include "terminal/shell_port.h"

namespace sallyport::ssh {

struct ShellRequest {
  std::string term;
  protocol::Size size;
  std::vector<std::pair<std::string, std::string>> env;
  unsigned window = 256 * 1024;  // bytes of SSH receive window (RFC 4254, section 5.2)
};

// Whoever answers what the host asks during a login (keyboard-interactive, RFC 4256; password
// change, RFC 4252 section 8).
class Questioner {
 public:
  virtual ~Questioner() = default;
  // The id of the prompt is set by whoever sends it. As many answers as questions, or the Failure
  // that ends the login.
  virtual net::Task<base::Result<std::vector<base::Secret>>> ask(
      protocol::QuestionsPrompt prompt) = 0;
  // The host hung up while ask() waits: end it with `failure`. Whoever cannot lets the prompt run
  // into its own limit.
  virtual void give_up(const base::Failure& failure) { static_cast<void>(failure); }
};

// One SSH connection: waits for its socket, then calls the pump. The stages are called once each,
// in this order. After open_shell() the link runs by itself: the shell it returned owns it. Lives
// on one reader thread.
class Link : public std::enable_shared_from_this<Link> {
 public:
  // `workers`: where keys are opened and used, which may take a tenth of a second and more;
  // must outlive the link.
  static std::shared_ptr<Link> create(net::Socket socket, LinkNames names, LinkTimeouts timeouts,
                                      net::Workers& workers);
  virtual ~Link() = default;

  // Key exchange; `known_types` (SSH names) are asked for first. Returns the host's key: nothing of
  // the user's has been sent.
  virtual net::Task<base::Result<HostKey>> handshake(algorithms::Posture posture,
                                                     std::vector<std::string> known_types) = 0;
  // Password, key, certificate or interactive, and keyboard-interactive for whatever the host asks
  // beyond that. At most 20 rounds and 20 questions a round. `auth` is wiped when it returns.
  virtual net::Task<base::Result<void>> authenticate(protocol::Auth auth,
                                                     Questioner& questioner) = 0;
  virtual const std::string& banner() const = 0;  // printable UTF-8, at most 8 KiB
  virtual protocol::Algorithms algorithms() const = 0;
  // PTY, environment (refusals are ignored), shell. `events` must outlive the shell.
  virtual net::Task<base::Result<std::unique_ptr<terminal::Shell>>> open_shell(
      ShellRequest request, terminal::ShellEvents& events) = 0;
  // From any point: closes the socket; a stage that waits returns a failure.
  virtual void close() = 0;
};

}  // namespace sallyport::ssh
