#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ssh/kexinit.h"

// What Sallyport negotiates, best first. No SHA-1, no CBC, no DSA, no group below 2048 bits: a host
// that has nothing better is told so by name. "kex-strict" and "ext-info" are added by libssh2.
// Nor diffie-hellman-group-exchange (RFC 4419), where the host names the group: libssh2 takes one
// of a few bits, and calculates for a second with one of 16384, as often as the host asks for keys.
namespace sallyport::ssh::algorithms {

inline constexpr std::array<std::string_view, 7> kKex{"curve25519-sha256",
                                                      "curve25519-sha256@libssh.org",
                                                      "ecdh-sha2-nistp256",
                                                      "ecdh-sha2-nistp384",
                                                      "ecdh-sha2-nistp521",
                                                      "diffie-hellman-group16-sha512",
                                                      "diffie-hellman-group14-sha256"};

inline constexpr std::array<std::string_view, 6> kHostKey{
    "ssh-ed25519",         "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521", "rsa-sha2-512",        "rsa-sha2-256"};

inline constexpr std::array<std::string_view, 6> kCipher{"chacha20-poly1305@openssh.com",
                                                         "aes256-gcm@openssh.com",
                                                         "aes128-gcm@openssh.com",
                                                         "aes256-ctr",
                                                         "aes192-ctr",
                                                         "aes128-ctr"};

inline constexpr std::array<std::string_view, 4> kMac{"hmac-sha2-256-etm@openssh.com",
                                                      "hmac-sha2-512-etm@openssh.com",
                                                      "hmac-sha2-256", "hmac-sha2-512"};

inline constexpr std::array<std::string_view, 2> kSignature{"rsa-sha2-512", "rsa-sha2-256"};

// What a host with `legacy = true` may choose besides, when it has nothing of the above: SHA-1 and
// CBC are worn, but nobody who only listens can read along. What he can is left out even here: DSA
// and groups of 1024 bits, which are broken once for all, RC4, and 3DES with its short blocks.
inline constexpr std::array<std::string_view, 1> kLegacyKex{"diffie-hellman-group14-sha1"};
inline constexpr std::array<std::string_view, 1> kLegacyHostKey{"ssh-rsa"};
inline constexpr std::array<std::string_view, 3> kLegacyCipher{"aes256-cbc", "aes192-cbc",
                                                               "aes128-cbc"};
inline constexpr std::array<std::string_view, 2> kLegacyMac{"hmac-sha1-etm@openssh.com",
                                                            "hmac-sha1"};
inline constexpr std::array<std::string_view, 1> kLegacySignature{"ssh-rsa"};

enum class Posture { kModern, kLegacy };

std::string joined(std::span<const std::string_view> names, std::string_view separator);

// What is asked for, best first and "," between (RFC 4253, section 7.1).
struct Offer {
  std::string kex, hostkey, cipher, mac, signature;
};
// Host keys come first that sign for a key type of `known_types` ("ssh-rsa" is signed by
// rsa-sha2-*): a host with several keys then shows the one that is on file.
Offer offer(Posture posture, std::span<const std::string> known_types);

// Whether `name` is one of those that only kLegacy offers.
bool is_legacy(std::string_view name);

// Why no connection comes of what the host offers (RFC 4253, section 7.1): the first kind without a
// common name.
struct Mismatch {
  std::string kind;      // "key exchange", "host key", "cipher" or "MAC"
  std::string offered;   // the host's names, ", " between
  std::string accepted;  // ours
};
std::optional<Mismatch> mismatch(const Kexinit& host, Posture posture);

}  // namespace sallyport::ssh::algorithms
