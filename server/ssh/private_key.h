#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace sallyport::ssh {

// What can be told of a private key's text without its passphrase, so that "needs a passphrase",
// "wrong passphrase" and "cannot be read" are three sentences. Pure; `text` is secret, what comes
// out is not.
struct PrivateKeyText {
  enum class Kind { kOpenSsh, kPem, kPkcs8 };
  enum class Problem { kNone, kNotAKey, kPublicKey, kPutty, kUnsupported, kBroken, kTooManyRounds };

  Kind kind = Kind::kOpenSsh;
  Problem problem = Problem::kNone;
  bool encrypted = false;
  // What opening it costs, where its text says that: bcrypt's rounds of an OpenSSH key, about 5 ms
  // each; pkcs8_hashings() of the others. And the most that is taken.
  std::uint64_t rounds = 0;
  std::uint64_t most_rounds = 0;

  // For key_unreadable(), "" where there is no problem.
  std::string reason() const;
};

// ssh-keygen's default is 16 to 24; a text that claims millions would hold a processor for hours.
inline constexpr std::uint64_t kMaxBcryptRounds = 1024;
// openssl's defaults are 2048 for PBKDF2 and 131,072 for scrypt; about a second.
inline constexpr std::uint64_t kMaxPkcs8Hashings = 2'000'000;

PrivateKeyText inspect_private_key(std::string_view text);

// The key alone, as its maker wrote it: without what stands around it, indentation and carriage
// returns, which a page, a chat or an editor added. As given when no key stands in it.
base::Secret tidy_private_key(std::string_view text);

}  // namespace sallyport::ssh
