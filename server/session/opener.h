#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "metrics/meter.h"
#include "net/closer.h"
#include "net/task.h"
#include "net/workers.h"
#include "policy/grant.h"
#include "protocol/frames.h"
#include "session/conversation.h"
#include "session/login_limits.h"
#include "session/registry.h"
#include "session/session.h"
#include "ssh/host_keys.h"
#include "ssh/link.h"

namespace sallyport::session {

// A host of the configuration that is opened by name.
struct Preset {
  std::string name;
  std::string host;
  unsigned port = 22;
  std::string username;
  base::Secret identity;  // a private key; empty: the user brings credentials
  bool legacy = false;    // old algorithms will do there
};

struct OpenerOptions {
  ssh::HostKeyPolicy host_keys = ssh::HostKeyPolicy::kAsk;
  std::chrono::milliseconds resolve_timeout{10'000};
  std::chrono::milliseconds connect_timeout{10'000};
  ssh::LinkTimeouts link;
  unsigned ssh_window_bytes = 256 * 1024;
  SessionOptions session;
};

// Threads for what blocks, apart from each other: names that nobody answers for, or keys that take
// their time, hold up others of their kind and nothing else.
struct OpenerWorkers {
  net::Workers& names;  // DNS
  net::Workers& files;  // known_hosts
  net::Workers& keys;   // users' private keys
};

// The way from an `open` frame to a running shell, stage by stage. Immutable; shared by all reader
// threads.
class Opener {
 public:
  // The meter of a target on the reader thread of `executor`, where it is asked for.
  using MeterOf = std::function<metrics::Meter&(const net::Executor& executor,
                                                std::string_view host, unsigned port)>;

  // What is passed by reference must outlive the opener, and the opener its sessions.
  Opener(OpenerOptions options, const policy::Policy& policy, ssh::HostKeys& host_keys,
         OpenerWorkers workers, Registry& registry, LoginLimits& limits, MeterOf meter_of,
         std::vector<Preset> presets);

  // Runs on the reader thread of the caller. `closer` ends it at any point: it then returns some
  // failure soon.
  net::Task<base::Result<std::shared_ptr<Session>>> open(protocol::Open request,
                                                         Conversation& conversation,
                                                         net::Closer& closer) const;

 private:
  struct Target;
  base::Result<Target> target(protocol::Open& request) const;
  // Says in `attempt` what was dialled.
  net::Task<base::Result<net::Socket>> connect(const Target& target, policy::LoginTry& attempt,
                                               Conversation& conversation,
                                               net::Closer& closer) const;
  net::Task<base::Result<void>> verify(const Target& target, ssh::HostKey key,
                                       Conversation& conversation) const;

  OpenerOptions options_;
  const policy::Policy& policy_;
  ssh::HostKeys& host_keys_;
  OpenerWorkers workers_;
  Registry& registry_;
  LoginLimits& limits_;
  MeterOf meter_of_;
  std::vector<Preset> presets_;
};

}  // namespace sallyport::session
