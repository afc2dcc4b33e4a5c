#include "ssh/private_key.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "ssh/known_hosts.h"
#include "support/throwaway_keys.h"

namespace sallyport::ssh {
namespace {

using Kind = PrivateKeyText::Kind;
using Problem = PrivateKeyText::Problem;

struct Case {
  const char *type, *format;
  Kind kind;
};

TEST(PrivateKey, KindsThatSshKeygenMakes) {
  const support::TemporaryFolder folder;
  int number = 0;
  for (const Case& one : {Case{"ed25519", "", Kind::kOpenSsh}, Case{"ecdsa", "", Kind::kOpenSsh},
                          Case{"ecdsa", "PEM", Kind::kPem}, Case{"ecdsa", "PKCS8", Kind::kPkcs8}}) {
    for (const char* passphrase : {"", "secret"}) {
      SCOPED_TRACE(std::string(one.type) + one.format + passphrase);
      const auto pair = support::make_key(folder.path(), "k" + std::to_string(number++),
                                          {one.type, 0, one.format, passphrase});
      const PrivateKeyText text = inspect_private_key(pair.private_key);
      EXPECT_EQ(text.problem, Problem::kNone) << text.reason();
      EXPECT_EQ(text.kind, one.kind);
      EXPECT_EQ(text.encrypted, *passphrase != '\0');
      // make_key() asks for 2 of bcrypt; OpenSSL's own default is 2048, and the old PEM says none.
      const std::uint64_t rounds = one.kind == Kind::kOpenSsh ? 2
                                   : one.kind == Kind::kPkcs8 ? 2048
                                                              : 0;
      EXPECT_EQ(text.rounds, text.encrypted ? rounds : 0);
      // Pasted with what a page or an editor may add.
      std::string pasted = "\xEF\xBB\xBF\n  ";
      for (const char c : pair.private_key)
        pasted += c == '\n' ? std::string("\r\n") : std::string(1, c);
      EXPECT_TRUE(tidy_private_key(pasted + "\n  good luck").equals(pair.private_key));
      EXPECT_EQ(inspect_private_key(pasted).encrypted, text.encrypted);
      EXPECT_EQ(inspect_private_key(pasted).problem, Problem::kNone);
      EXPECT_EQ(inspect_private_key(pair.public_line).problem, Problem::kPublicKey);
    }
  }
}

TEST(PrivateKey, WhatItIsNotIsSaid) {
  EXPECT_EQ(inspect_private_key("").problem, Problem::kNotAKey);
  EXPECT_EQ(inspect_private_key("hello").problem, Problem::kNotAKey);
  EXPECT_EQ(inspect_private_key("PuTTY-User-Key-File-3: ssh-ed25519\n").problem, Problem::kPutty);
  EXPECT_EQ(
      inspect_private_key("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").problem,
      Problem::kNotAKey);
  EXPECT_EQ(
      inspect_private_key("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n").problem,
      Problem::kPublicKey);
  EXPECT_EQ(
      inspect_private_key("-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n")
          .problem,
      Problem::kUnsupported);
  EXPECT_EQ(inspect_private_key("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n").problem,
            Problem::kBroken);
}

TEST(PrivateKey, CutAnywhereIsBrokenOrNoKey) {
  const support::TemporaryFolder folder;
  const std::string whole = support::make_key(folder.path(), "k").private_key;
  const std::string_view text(whole);
  for (std::size_t n = 0; n < text.find("-----END"); ++n) {
    EXPECT_NE(inspect_private_key(text.substr(0, n)).problem, Problem::kNone) << n;
  }
}

std::string field(const std::string& text) {
  const auto size = text.size();
  return std::string{static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                     static_cast<char>(size >> 8), static_cast<char>(size)} +
         text;
}

TEST(PrivateKey, WhatIsTidyStaysAsItIs) {
  for (const char* text :
       {"-----BEGIN \n-----BEGIN -----END V", "-----BEGIN  A-----END \n-----B"}) {
    const base::Secret tidy = tidy_private_key(text);
    EXPECT_TRUE(tidy_private_key(tidy.reveal()).equals(tidy.reveal())) << text;
  }
}

TEST(PrivateKey, AClaimOfMillionsOfRoundsIsRefused) {
  const std::string rounds("\x7f\xff\xff\xff", 4);
  const std::string one("\0\0\0\1", 4);
  const std::string body = std::string("openssh-key-v1\0", 15) + field("aes256-ctr") +
                           field("bcrypt") + field(field("saltsaltsaltsalt") + rounds) + one +
                           field(field("ssh-ed25519")) + field("x");
  const PrivateKeyText text =
      inspect_private_key("-----BEGIN OPENSSH PRIVATE KEY-----\n" + to_base64(body) +
                          "\n-----END OPENSSH PRIVATE KEY-----\n");
  EXPECT_EQ(text.problem, Problem::kTooManyRounds);
  EXPECT_EQ(text.reason(), "its passphrase is hashed 2147483647 times, more than 1024");
}

}  // namespace
}  // namespace sallyport::ssh
