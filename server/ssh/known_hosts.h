#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::ssh {

// Pure reader of the known_hosts format (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). libssh2's own knows
// no markers, wildcards or negation.
struct KnownHost {
  enum class Marker { kNone, kRevoked, kCertAuthority };
  Marker marker = Marker::kNone;
  std::string patterns;  // "host,*.corp,!bad.corp,[host]:2222" or a hashed name "|1|salt|hash"
  std::string type;      // "ssh-ed25519"
  std::string blob;      // the key's wire form
};

// One line. Nothing: a comment, an empty or a broken line, a marker nobody knows (which OpenSSH
// skips too).
std::optional<KnownHost> parse_known_host(std::string_view line);

// The name a host is filed under: "db-3.corp", or "[db-3.corp]:2222" when the port is not 22. Lower
// case.
std::string known_host_name(std::string_view host, unsigned port);

// Whether `patterns` name `name` (as known_host_name() gives it): one matches and no negated one
// does.
bool names_host(std::string_view patterns, std::string_view name);

// The line to file a key under, with its line break.
std::string known_host_line(std::string_view name, std::string_view type, std::string_view blob);

// Base64 with padding (RFC 4648, section 4).
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace sallyport::ssh
