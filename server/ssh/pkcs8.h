#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sallyport::ssh {

// How often opening an EncryptedPrivateKeyInfo (RFC 5958, section 3; DER) hashes its passphrase:
// PBKDF2's iterations (RFC 8018), or scrypt's mixings of a block, N times r times p (RFC 7914).
// The text says so itself, so a hostile one says billions. Nothing when it is no such structure, or
// a derivation that is not known here.
std::optional<std::uint64_t> pkcs8_hashings(std::string_view der);

}  // namespace sallyport::ssh
