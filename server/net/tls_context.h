#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "net/tls_session.h"

namespace sallyport::net {

struct TlsFiles {
  std::filesystem::path certificate;  // PEM: the server's own first, then those that signed it
  std::filesystem::path key;          // PEM, without a passphrase
  bool operator==(const TlsFiles&) const = default;
};

// What a server offers: TLS 1.2 and 1.3 with the certificate, and no suite without forward secrecy
// and authenticated encryption (RFC 9325; Mozilla's "intermediate" list). HTTP/1.1 is the one
// protocol (RFC 7301).
struct LoadedTls {
  TlsContext context;
  std::string subject;     // for the log: "CN = ssh.example.org"
  std::string expires;     // "Jan 31 09:00:00 2027 GMT"
  std::string not_usable;  // empty, or a sentence: it has expired, or is not valid yet
};

// Reads both files; blocks. The error is a sentence that names the file and what is wrong with it.
std::expected<LoadedTls, std::string> load_tls(const TlsFiles& files);

}  // namespace sallyport::net
