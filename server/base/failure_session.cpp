#include "base/failure.h"
#include "base/sentence.h"

// authenticate, shell, running and the wire; the earlier stages are in failure.cpp.
namespace sallyport::base::failure {

using sentence::join;
using sentence::seconds_text;
using sentence::spaced;
using sentence::without_stop;

Failure not_accepted(std::string_view host, std::string_view username, Credential credential,
                     std::string_view methods) {
  std::string_view what = "this password";
  std::string_view word = "password";
  switch (credential) {
    case Credential::kPassword:
      break;
    case Credential::kKey:
      what = "this key";
      word = "key";
      break;
    case Credential::kCertificate:
      what = "this certificate";
      word = "certificate";
      break;
    case Credential::kAnswers:
      what = "these answers";
      word = "answers";
      break;
  }
  const std::string list = spaced(methods);
  return {Stage::kAuthenticate,
          "not-accepted",
          join({host, " did not accept ", what, " for ", username, "."}),
          list.empty() ? "Check the user name too." : join({"It accepts: ", list, "."}),
          {{"host", std::string(host)},
           {"username", std::string(username)},
           {"credential", std::string(word)},
           {"methods", list}}};
}

Failure key_unreadable(std::string_view reason) {
  reason = without_stop(reason);
  return {Stage::kAuthenticate,
          "key-unreadable",
          join({"The private key cannot be read: ", reason, "."}),
          "Give the whole file, from its BEGIN line to its END line, in OpenSSH's format or PEM.",
          {{"reason", std::string(reason)}}};
}

Failure key_signature_too_old(std::string_view host) {
  return {
      Stage::kAuthenticate,
      "key-signature-too-old",
      join({host,
            " takes signatures of RSA keys with SHA-1 only, which this gateway does not make."}),
      "Use an Ed25519 or ECDSA key. Where the host cannot be brought up to date, the gateway's "
      "administrator can allow it: legacy = true in its [[hosts]] entry.",
      {{"host", std::string(host)}}};
}

Failure passphrase_needed() {
  return {Stage::kAuthenticate,
          "passphrase-needed",
          "The private key needs its passphrase.",
          "Enter the passphrase and connect again.",
          {}};
}

Failure passphrase_wrong() {
  return {Stage::kAuthenticate,
          "passphrase-wrong",
          "This passphrase does not open the private key.",
          "Check it and connect again.",
          {}};
}

Failure authenticate_timeout(std::string_view host, unsigned seconds) {
  return {Stage::kAuthenticate,
          "authenticate-timeout",
          join({host, " did not finish the sign-in within ", seconds_text(seconds), "."}),
          "Try again; if it stays so, the host's log says more.",
          {{"host", std::string(host)}, {"seconds", std::to_string(seconds)}}};
}

Failure prompt_timeout(unsigned seconds) {
  return {Stage::kAuthenticate,
          "prompt-timeout",
          join({"The question was not answered within ", seconds_text(seconds), "."}),
          "Connect again.",
          {{"seconds", std::to_string(seconds)}}};
}

Failure too_many_prompts(std::string_view host, unsigned limit) {
  return {Stage::kAuthenticate,
          "too-many-prompts",
          join({host, " asked more than ", std::to_string(limit), " questions."}),
          "The host's sign-in does not come to an end: ask its administrator.",
          {{"host", std::string(host)}, {"limit", std::to_string(limit)}}};
}

Failure shell_ended_at_once(int status) {
  return {Stage::kShell,
          "shell-ended",
          join({"The account's shell ended at once (status ", std::to_string(status), ")."}),
          "May the account log in? Its login shell or a start-up file may fail.",
          {{"status", std::to_string(status)}}};
}

Failure shell_refused(std::string_view host, std::string_view reason) {
  reason = without_stop(reason);
  return {Stage::kShell,
          "shell-refused",
          join({host, " did not start a shell: ", reason, "."}),
          "The account may not be allowed a terminal: ask the host's administrator.",
          {{"host", std::string(host)}, {"reason", std::string(reason)}}};
}

Failure shell_timeout(std::string_view host, unsigned seconds) {
  return {Stage::kShell,
          "shell-timeout",
          join({host, " did not start a shell within ", seconds_text(seconds), "."}),
          "Try again; the host may be overloaded.",
          {{"host", std::string(host)}, {"seconds", std::to_string(seconds)}}};
}

Failure stopped_answering(std::string_view host) {
  return {Stage::kRunning,
          "stopped-answering",
          join({host, " stopped answering."}),
          "The host or the network to it may be down. Connect again.",
          {{"host", std::string(host)}}};
}

Failure host_closed(std::string_view host) {
  return {Stage::kRunning,
          "host-closed",
          "The host closed the connection.",
          "Connect again.",
          {{"host", std::string(host)}}};
}

Failure protocol_broken(std::string_view host, std::string_view reason) {
  reason = without_stop(reason);
  return {Stage::kRunning,
          "protocol-broken",
          join({host, " broke the SSH protocol: ", reason, "."}),
          "Connect again; if it stays so, tell the host's administrator.",
          {{"host", std::string(host)}, {"reason", std::string(reason)}}};
}

Failure bad_frame(std::string_view reason) {
  reason = without_stop(reason);
  return {Stage::kRunning,
          "bad-frame",
          join({"The gateway did not understand the page: ", reason, "."}),
          "Reload the page.",
          {{"reason", std::string(reason)}}};
}

Failure no_such_session() {
  return {Stage::kRunning,
          "no-such-session",
          "There is no such session.",
          "It has ended. Connect again.",
          {}};
}

Failure taken_over() {
  return {Stage::kRunning,
          "taken-over",
          "The session went on in another window.",
          "Take it back to go on here.",
          {}};
}

Failure idle_limit(unsigned seconds) {
  return {Stage::kRunning,
          "idle-limit",
          join({"Nothing was typed for ", seconds_text(seconds),
                ", so the gateway ended the session."}),
          "Connect again.",
          {{"seconds", std::to_string(seconds)}}};
}

Failure time_limit(unsigned seconds) {
  return {Stage::kRunning,
          "time-limit",
          join({"The session reached this gateway's limit of ", seconds_text(seconds), "."}),
          "Connect again.",
          {{"seconds", std::to_string(seconds)}}};
}

Failure detached_limit(unsigned seconds) {
  return {Stage::kRunning,
          "detached-limit",
          join({"Nobody came back to the session within ", seconds_text(seconds), "."}),
          "Connect again.",
          {{"seconds", std::to_string(seconds)}}};
}

Failure closed_by_owner() {
  return {Stage::kRunning,
          "closed-by-owner",
          "Whoever has the session ended it.",
          "Ask them for another.",
          {}};
}

Failure too_many_watchers(unsigned limit) {
  return {Stage::kRunning,
          "too-many-watchers",
          join({"This session already has ", std::to_string(limit), " watchers."}),
          "Try again when one has left.",
          {{"limit", std::to_string(limit)}}};
}

Failure too_slow(std::string_view what, unsigned seconds) {
  return {Stage::kRunning,
          "too-slow",
          join({what, " did not arrive within ", seconds_text(seconds), "."}),
          "Connect again.",
          {{"what", std::string(what)}, {"seconds", std::to_string(seconds)}}};
}

Failure gateway_stopping() {
  return {Stage::kRunning,
          "gateway-stopping",
          "The gateway is stopping.",
          "Connect again in a moment.",
          {}};
}

Failure internal_error() {
  return {Stage::kRunning,
          "internal-error",
          "The gateway made a mistake.",
          "Its log says more: tell its administrator.",
          {}};
}

}  // namespace sallyport::base::failure
