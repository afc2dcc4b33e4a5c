#include "base/failure.h"

#include "base/sentence.h"

namespace sallyport::base {

std::string_view name(Stage stage) {
  switch (stage) {
    case Stage::kPolicy:
      return "policy";
    case Stage::kResolve:
      return "resolve";
    case Stage::kConnect:
      return "connect";
    case Stage::kHandshake:
      return "handshake";
    case Stage::kHostKey:
      return "hostkey";
    case Stage::kAuthenticate:
      return "authenticate";
    case Stage::kShell:
      return "shell";
    case Stage::kRunning:
      return "running";
  }
  return "running";
}

using sentence::join;
using sentence::seconds_text;
using sentence::spaced;
using sentence::without_stop;

std::string host_port(std::string_view host, unsigned port) {
  const bool literal = host.find(':') != std::string_view::npos;
  return join({literal ? "[" : "", host, literal ? "]:" : ":", std::to_string(port)});
}

unsigned whole_seconds(std::chrono::milliseconds limit) {
  return static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(limit).count());
}

namespace failure {

// policy, resolve, connect, handshake and hostkey; the later stages are in failure_session.cpp.

Failure not_allowed(std::string_view host, unsigned port) {
  return {Stage::kPolicy,
          "not-allowed",
          join({"This gateway does not allow ", host_port(host, port), "."}),
          "Ask its administrator, or see targets.allow.",
          {{"host", std::string(host)}, {"port", std::to_string(port)}}};
}

Failure unknown_preset(std::string_view preset) {
  return {Stage::kPolicy,
          "unknown-preset",
          join({"This gateway has no host named \"", preset, "\"."}),
          "Reload the page: its list of hosts may have changed.",
          {{"preset", std::string(preset)}}};
}

Failure too_many_sessions(unsigned limit) {
  return {Stage::kPolicy,
          "too-many-sessions",
          join({"This gateway already has its ", std::to_string(limit), " sessions."}),
          "Try again later, or ask its administrator to raise the limit.",
          {{"limit", std::to_string(limit)}}};
}

Failure too_many_own_sessions(unsigned limit) {
  return {
      Stage::kPolicy,
      "too-many-own-sessions",
      join({"Your network already has its ", std::to_string(limit), " sessions on this gateway."}),
      "End one of them, or ask its administrator to raise the limit.",
      {{"limit", std::to_string(limit)}}};
}

Failure too_many_logins() {
  return {Stage::kPolicy,
          "too-many-logins",
          "Too many logins are under way.",
          "Try again in a moment.",
          {}};
}

Failure slow_down(unsigned seconds) {
  return {
      Stage::kPolicy,
      "slow-down",
      join({"Too many logins have failed: the next one may begin in ", seconds_text(seconds), "."}),
      "Wait that long, then try again; nothing is locked.",
      {{"seconds", std::to_string(seconds)}}};
}

Failure not_found(std::string_view host) {
  return {Stage::kResolve,
          "not-found",
          join({host, " could not be found."}),
          "Check the spelling, or use its address.",
          {{"host", std::string(host)}}};
}

Failure resolve_timeout(std::string_view host, unsigned seconds) {
  return {Stage::kResolve,
          "resolve-timeout",
          join({"The name servers did not find ", host, " within ", seconds_text(seconds), "."}),
          "Try again, or use its address.",
          {{"host", std::string(host)}, {"seconds", std::to_string(seconds)}}};
}

Failure refused(std::string_view host, unsigned port) {
  return {Stage::kConnect,
          "refused",
          join({host_port(host, port), " refused the connection."}),
          "Is the SSH server running there?",
          {{"host", std::string(host)}, {"port", std::to_string(port)}}};
}

Failure connect_timeout(std::string_view host, unsigned port, unsigned seconds) {
  return {Stage::kConnect,
          "connect-timeout",
          join({host_port(host, port), " did not answer within ", seconds_text(seconds), "."}),
          "Is the SSH server running there?",
          {{"host", std::string(host)},
           {"port", std::to_string(port)},
           {"seconds", std::to_string(seconds)}}};
}

Failure unreachable(std::string_view host, unsigned port, std::string_view reason) {
  reason = without_stop(reason);
  return {Stage::kConnect,
          "unreachable",
          join({host_port(host, port), " cannot be reached: ", reason, "."}),
          "Check the network between the gateway and the host.",
          {{"host", std::string(host)},
           {"port", std::to_string(port)},
           {"reason", std::string(reason)}}};
}

Failure handshake_timeout(std::string_view host, unsigned port, unsigned seconds) {
  return {Stage::kHandshake,
          "handshake-timeout",
          join({host_port(host, port), " did not finish the SSH handshake within ",
                seconds_text(seconds), "."}),
          "Is it an SSH server, and is it overloaded?",
          {{"host", std::string(host)},
           {"port", std::to_string(port)},
           {"seconds", std::to_string(seconds)}}};
}

Failure not_ssh(std::string_view host, unsigned port) {
  return {Stage::kHandshake,
          "not-ssh",
          join({host_port(host, port), " does not speak SSH."}),
          "Check the port: SSH servers usually listen on 22.",
          {{"host", std::string(host)}, {"port", std::to_string(port)}}};
}

Failure no_common_algorithm(std::string_view host, std::string_view kind, std::string_view offered,
                            std::string_view accepted, bool legacy_helps) {
  const std::string theirs = spaced(offered);
  const std::string ours = spaced(accepted);
  Failure failure{
      Stage::kHandshake,
      "no-common-algorithm",
      join({host, " offers only algorithms this gateway refuses: ", theirs, "."}),
      join({"For ", kind, " the host offers: ", theirs, ". This gateway accepts: ", ours, "."}),
      {{"host", std::string(host)},
       {"kind", std::string(kind)},
       {"offered", theirs},
       {"accepted", ours}}};
  if (legacy_helps) {
    failure.hint +=
        " Where the host cannot be brought up to date, the gateway's administrator can "
        "allow it older ones: legacy = true in its [[hosts]] entry.";
    failure.params.emplace_back("legacy", "true");
  }
  return failure;
}

Failure handshake_failed(std::string_view host, std::string_view reason) {
  reason = without_stop(reason);
  return {Stage::kHandshake,
          "handshake-failed",
          join({"The SSH handshake with ", host, " failed: ", reason, "."}),
          "Try again; if it stays so, the host's log says more.",
          {{"host", std::string(host)}, {"reason", std::string(reason)}}};
}

Failure host_key_changed(std::string_view host, std::string_view expected,
                         std::string_view received) {
  return {Stage::kHostKey,
          "host-key-changed",
          join({"The host key of ", host, " has CHANGED."}),
          join({"Expected ", expected, ", received ", received,
                ". Somebody may be listening in, or the host was installed anew. Nothing was sent "
                "to it. Ask its administrator; only when the new fingerprint is confirmed, remove "
                "the old key from the gateway's known_hosts file."}),
          {{"host", std::string(host)},
           {"expected", std::string(expected)},
           {"received", std::string(received)}}};
}

Failure host_key_unknown(std::string_view host, std::string_view received) {
  return {Stage::kHostKey,
          "host-key-unknown",
          join({"The host key of ", host, " is not known to this gateway."}),
          join({"Received ", received,
                ". This gateway connects only to hosts in its known_hosts file: ask its "
                "administrator to add this one."}),
          {{"host", std::string(host)}, {"received", std::string(received)}}};
}

Failure host_key_declined(std::string_view host) {
  return {Stage::kHostKey,
          "host-key-declined",
          join({"The host key of ", host, " was not accepted."}),
          "Nothing was sent to the host. Compare the fingerprint with what its administrator says, "
          "then connect again.",
          {{"host", std::string(host)}}};
}

Failure host_key_revoked(std::string_view host, std::string_view received) {
  return {Stage::kHostKey,
          "host-key-revoked",
          join({"The host key of ", host, " has been REVOKED."}),
          join({"Received ", received,
                ", which the gateway's known_hosts file marks as revoked. Nothing was sent to the "
                "host. Ask its administrator."}),
          {{"host", std::string(host)}, {"received", std::string(received)}}};
}

Failure host_key_not_saved(std::string_view host, std::string_view reason) {
  reason = without_stop(reason);
  return {Stage::kHostKey,
          "host-key-not-saved",
          join({"The host key of ", host, " could not be saved: ", reason, "."}),
          "The gateway's administrator must make its known_hosts file writable.",
          {{"host", std::string(host)}, {"reason", std::string(reason)}}};
}

Failure host_keys_unreadable(std::string_view reason) {
  reason = without_stop(reason);
  return {Stage::kHostKey,
          "host-keys-unreadable",
          join({"This gateway cannot read its known_hosts file: ", reason, "."}),
          "Its administrator must make the file readable for the gateway.",
          {{"reason", std::string(reason)}}};
}

}  // namespace failure
}  // namespace sallyport::base
