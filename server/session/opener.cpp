#include "session/opener.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "base/ids.h"
#include "net/resolver.h"
#include "ssh/dialer.h"

namespace sallyport::session {

namespace failure = base::failure;
using base::Stage;
using std::unexpected;

namespace {

// A login that fails leaves no open connection to the host, whichever stage it failed in.
struct CloseUnlessRunning {
  ssh::Link* link;
  ~CloseUnlessRunning() {
    if (link) link->close();
  }
};

// Whether the host was given something that it did not accept, or was kept waiting for: what may
// have been a guess. The failures that are not are those of the user's own key, before it was used.
bool may_be_a_guess(const base::Failure& failure) {
  return failure.code != "key-unreadable" && failure.code != "passphrase-needed" &&
         failure.code != "passphrase-wrong";
}

}  // namespace

struct Opener::Target {
  ssh::LinkNames names;
  bool is_preset = false;
  protocol::Auth auth;
  ssh::algorithms::Posture posture = ssh::algorithms::Posture::kModern;
};

Opener::Opener(OpenerOptions options, const policy::Policy& policy, ssh::HostKeys& host_keys,
               OpenerWorkers workers, Registry& registry, LoginLimits& limits, MeterOf meter_of,
               std::vector<Preset> presets)
    : options_(std::move(options)),
      policy_(policy),
      host_keys_(host_keys),
      workers_(workers),
      registry_(registry),
      limits_(limits),
      meter_of_(std::move(meter_of)),
      presets_(std::move(presets)) {}

base::Result<Opener::Target> Opener::target(protocol::Open& request) const {
  Target target{.names = {request.host, request.port, request.username},
                .auth = std::move(request.auth)};
  if (request.preset.empty()) return target;

  const auto preset = std::ranges::find(presets_, request.preset, &Preset::name);
  if (preset == presets_.end()) return unexpected(failure::unknown_preset(request.preset));
  target.is_preset = true;
  target.names.host = preset->host;
  target.names.port = preset->port;
  if (preset->legacy) target.posture = ssh::algorithms::Posture::kLegacy;
  if (!preset->username.empty()) target.names.username = preset->username;
  if (!preset->identity.empty()) {
    target.auth = protocol::PublicKeyAuth{preset->identity.duplicate(), {}, {}};
  }
  if (target.names.username.empty()) {
    return unexpected(failure::bad_frame("open: this preset needs a username"));
  }
  if (std::holds_alternative<std::monostate>(target.auth)) {
    return unexpected(failure::bad_frame("open: this preset needs auth"));
  }
  return target;
}

net::Task<base::Result<std::shared_ptr<Session>>> Opener::open(protocol::Open request,
                                                               Conversation& conversation,
                                                               net::Closer& closer) const {
  auto charset = terminal::Charset::named(request.encoding);
  if (!charset) co_return unexpected(failure::bad_frame("open: " + charset.error()));
  auto slot = registry_.admit();
  if (!slot) {
    co_return unexpected(failure::too_many_sessions(static_cast<unsigned>(registry_.limit())));
  }
  const std::string& client = conversation.client();
  auto own = limits_.sessions.take(client);
  if (!own.place) {
    co_return unexpected(
        failure::too_many_own_sessions(static_cast<unsigned>(limits_.sessions.limit_by_client())));
  }
  slot->keep(std::move(own.place));
  const auto under_way = limits_.logins.take(client);  // until this returns
  if (!under_way.place) co_return unexpected(failure::too_many_logins());
  auto target = this->target(request);
  if (!target) co_return unexpected(std::move(target.error()));

  policy::LoginTry attempt{client, {}, target->names.username};
  auto socket = co_await connect(*target, attempt, conversation, closer);
  if (!socket) co_return unexpected(std::move(socket.error()));
  const auto executor = socket->get_executor();
  const auto link =
      ssh::Link::create(std::move(*socket), target->names, options_.link, workers_.keys);
  closer.on_close([link] { link->close(); });
  CloseUnlessRunning guard{link.get()};

  conversation.progress(Stage::kHandshake);
  auto known_types = co_await workers_.files.run(
      [this, names = target->names] { return host_keys_.known_types(names.host, names.port); });
  if (!known_types) co_return unexpected(std::move(known_types.error()));
  auto key = co_await link->handshake(target->posture, std::move(*known_types));
  if (!key) co_return unexpected(std::move(key.error()));

  conversation.progress(Stage::kHostKey);
  auto verified = co_await verify(*target, std::move(*key), conversation);
  if (!verified) co_return unexpected(std::move(verified.error()));

  conversation.progress(Stage::kAuthenticate);
  auto authenticated = co_await link->authenticate(std::move(target->auth), conversation);
  if (!authenticated) {
    if (may_be_a_guess(authenticated.error())) {
      limits_.brakes.failed(attempt, policy::Clock::now());
    }
    co_return unexpected(std::move(authenticated.error()));
  }

  conversation.progress(Stage::kShell);
  auto& meter = meter_of_(executor, target->names.host, target->names.port);
  auto session = std::make_shared<Session>(executor, std::move(*slot), options_.session, meter,
                                           std::move(*charset));
  auto shell = co_await link->open_shell(
      {std::move(request.term), request.size, std::move(request.env), options_.ssh_window_bytes},
      *session);
  if (!shell) co_return unexpected(std::move(shell.error()));
  session->run(std::move(*shell),
               {base::random_id(base::kSessionIdBytes), target->names.host, target->names.port,
                target->names.username, link->banner(), link->algorithms()},
               request.size, std::move(request.client), registry_);
  guard.link = nullptr;
  closer.on_close(nullptr);  // the session outlives who opened it
  co_return session;
}

// The address that the policy saw is the address that is dialled: names are resolved here, once.
net::Task<base::Result<net::Socket>> Opener::connect(const Target& target,
                                                     policy::LoginTry& attempt,
                                                     Conversation& conversation,
                                                     net::Closer& closer) const {
  const auto& [host, port, username] = target.names;
  conversation.progress(Stage::kPolicy);
  conversation.progress(Stage::kResolve);
  auto found = co_await net::resolve(workers_.names, host, options_.resolve_timeout);
  if (!found) co_return unexpected(std::move(found.error()));

  std::vector<policy::Address> addresses;
  for (const auto& address : *found) addresses.push_back(ssh::to_policy(address));
  auto grants = policy_.decide(host, port, addresses, target.is_preset);
  if (grants.empty()) co_return unexpected(failure::not_allowed(host, port));
  attempt.target = grants.front().endpoint();
  if (const auto wait = limits_.brakes.begin(attempt, policy::Clock::now()); wait.count() > 0) {
    co_return unexpected(failure::slow_down(base::whole_seconds(wait)));
  }

  conversation.progress(Stage::kConnect);
  co_return co_await ssh::dial(std::move(grants), host, port, options_.connect_timeout,
                               options_.link.dead_after, closer);
}

net::Task<base::Result<void>> Opener::verify(const Target& target, ssh::HostKey key,
                                             Conversation& conversation) const {
  const auto& [host, port, username] = target.names;
  const auto check = co_await workers_.files.run(
      [this, host, port, key] { return host_keys_.check(host, port, key); });
  if (!check) co_return unexpected(check.error());

  switch (check->verdict) {
    case ssh::HostKeyVerdict::kKnown:
      co_return base::Result<void>{};
    case ssh::HostKeyVerdict::kChanged:
      co_return unexpected(failure::host_key_changed(host, check->expected, key.fingerprint()));
    case ssh::HostKeyVerdict::kRevoked:
      co_return unexpected(failure::host_key_revoked(host, key.fingerprint()));
    case ssh::HostKeyVerdict::kUnknown:
      break;
  }
  if (options_.host_keys == ssh::HostKeyPolicy::kStrict) {
    co_return unexpected(failure::host_key_unknown(host, key.fingerprint()));
  }
  if (options_.host_keys == ssh::HostKeyPolicy::kAsk) {
    const auto accepted =
        co_await conversation.confirm({0, host, port, key.algorithm, key.fingerprint()});
    if (!accepted) co_return unexpected(accepted.error());
    if (!*accepted) co_return unexpected(failure::host_key_declined(host));
  }
  co_return co_await workers_.files.run(
      [this, host, port, key] { return host_keys_.save(host, port, key); });
}

}  // namespace sallyport::session
