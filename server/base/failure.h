#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::base {

// Where a login stands; the names are the wire's (docs/protocol.md, `progress`).
enum class Stage {
  kPolicy,
  kResolve,
  kConnect,
  kHandshake,
  kHostKey,
  kAuthenticate,
  kShell,
  kRunning
};
std::string_view name(Stage stage);  // "policy" ... "running"

// What went wrong, for people: a stable kebab-case code, a sentence and what to do about it.
// `params` are what the sentence names, so that a page can say it in its own language.
// None of the fields ever holds a secret.
struct Failure {
  Stage stage = Stage::kRunning;
  std::string code;
  std::string message;
  std::string hint;
  std::vector<std::pair<std::string, std::string>> params;
};

template <class T>
using Result = std::expected<T, Failure>;

// "db-3.corp:22", "[::1]:22" (RFC 3986 brackets for IPv6 literals).
std::string host_port(std::string_view host, unsigned port);

// A limit as the sentences name it: rounded up, so that none reads as "0 s".
unsigned whole_seconds(std::chrono::milliseconds limit);

// Every sentence Sallyport says about a failed connection, in the order of the stages. The table
// users read is docs/failures.md; the page's translations are keyed by `code`.
namespace failure {

// policy: "This gateway does not allow 10.0.0.5:23."
Failure not_allowed(std::string_view host, unsigned port);
Failure unknown_preset(std::string_view preset);
Failure too_many_sessions(unsigned limit);
Failure too_many_own_sessions(unsigned limit);  // of one client
Failure too_many_logins();                      // under way
Failure slow_down(unsigned seconds);            // too many failed
// resolve: "db-3.corp could not be found."
Failure not_found(std::string_view host);
Failure resolve_timeout(std::string_view host, unsigned seconds);
// connect
Failure refused(std::string_view host, unsigned port);  // "db-3.corp:22 refused the connection."
Failure connect_timeout(std::string_view host, unsigned port,
                        unsigned seconds);  // "... did not answer within 10 s."
Failure unreachable(std::string_view host, unsigned port, std::string_view reason);
// handshake
Failure handshake_timeout(std::string_view host, unsigned port, unsigned seconds);
Failure not_ssh(std::string_view host, unsigned port);
// "db-3.corp offers only algorithms this gateway refuses: diffie-hellman-group1-sha1."; `kind` is
// "key exchange", "host key", "cipher" or "MAC"; the hint shows both lists and, where it would do,
// names the setting that allows older ones.
Failure no_common_algorithm(std::string_view host, std::string_view kind, std::string_view offered,
                            std::string_view accepted, bool legacy_helps);
Failure handshake_failed(std::string_view host, std::string_view reason);
// hostkey: "The host key of db-3.corp has CHANGED."
Failure host_key_changed(std::string_view host, std::string_view expected,
                         std::string_view received);
Failure host_key_unknown(std::string_view host, std::string_view received);  // strict
Failure host_key_declined(std::string_view host);                            // the user said no
Failure host_key_revoked(std::string_view host, std::string_view received);
Failure host_key_not_saved(std::string_view host, std::string_view reason);
Failure host_keys_unreadable(std::string_view reason);  // the known_hosts file itself
// authenticate: "db-3.corp did not accept this password for ana." hint: "It accepts: publickey."
enum class Credential { kPassword, kKey, kCertificate, kAnswers };
Failure not_accepted(std::string_view host, std::string_view username, Credential credential,
                     std::string_view methods);
Failure key_unreadable(std::string_view reason);
Failure key_signature_too_old(std::string_view host);  // the key was not used
Failure passphrase_needed();
Failure passphrase_wrong();
Failure authenticate_timeout(std::string_view host, unsigned seconds);
Failure prompt_timeout(unsigned seconds);
Failure too_many_prompts(std::string_view host, unsigned limit);
// shell: "The account's shell ended at once (status 1)."
Failure shell_ended_at_once(int status);
Failure shell_refused(std::string_view host, std::string_view reason);
Failure shell_timeout(std::string_view host, unsigned seconds);
// running
Failure stopped_answering(std::string_view host);  // "db-3.corp stopped answering."
Failure host_closed(std::string_view host);        // "The host closed the connection."
Failure protocol_broken(std::string_view host, std::string_view reason);
// the wire itself
Failure bad_frame(std::string_view reason);
Failure no_such_session();
Failure taken_over();  // another connection has the keyboard now
Failure idle_limit(unsigned seconds);
Failure time_limit(unsigned seconds);
Failure detached_limit(unsigned seconds);
Failure closed_by_owner();  // to those who watched
Failure too_many_watchers(unsigned limit);
// `what` begins the sentence: "The first frame did not arrive within 10 s."
Failure too_slow(std::string_view what, unsigned seconds);
Failure gateway_stopping();
Failure internal_error();

}  // namespace failure
}  // namespace sallyport::base
