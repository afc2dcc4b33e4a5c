// A private key's text says itself what opening it costs. What it claims is looked at before
// anybody calculates.
#include <gtest/gtest.h>

#include "ssh/pkcs8.h"
#include "ssh/private_key.h"
#include "support/throwaway_keys.h"

namespace sallyport::ssh {
namespace {

using Problem = PrivateKeyText::Problem;

class CostlyKeys : public ::testing::Test {
 protected:
  // The key as `openssl pkcs8` writes it with these options.
  std::string pkcs8(const std::vector<std::string>& options) {
    const auto plain = (folder_.path() / "plain").string();
    std::vector<std::string> arguments{"openssl", "pkcs8",    "-topk8",     "-in",
                                       plain,     "-passout", "pass:secret"};
    if (!std::filesystem::exists(plain)) {
      support::run_program({"openssl", "genpkey", "-algorithm", "ed25519", "-out", plain});
    }
    arguments.insert(arguments.end(), options.begin(), options.end());
    return support::run_program(arguments);
  }
  support::TemporaryFolder folder_;
};

TEST_F(CostlyKeys, WhatOpensslWritesByItselfIsTaken) {
  const auto pbkdf2 = inspect_private_key(pkcs8({}));
  EXPECT_EQ(pbkdf2.problem, Problem::kNone) << pbkdf2.reason();
  EXPECT_EQ(pbkdf2.rounds, 2048U);
  const auto scrypt = inspect_private_key(pkcs8({"-scrypt"}));
  EXPECT_EQ(scrypt.problem, Problem::kNone) << scrypt.reason();
  EXPECT_EQ(scrypt.rounds, 16384U * 8U);
  const auto old = inspect_private_key(pkcs8({"-v1", "PBE-SHA1-3DES", "-iter", "3000"}));
  EXPECT_EQ(old.problem, Problem::kNone) << old.reason();
  EXPECT_EQ(old.rounds, 3000U);
}

TEST_F(CostlyKeys, AnIterationCountInTheMillionsIsRefused) {
  const auto pbkdf2 = inspect_private_key(pkcs8({"-iter", "2000001"}));
  EXPECT_EQ(pbkdf2.problem, Problem::kTooManyRounds);
  EXPECT_EQ(pbkdf2.reason(), "its passphrase is hashed 2000001 times, more than 2000000");
  const auto old = inspect_private_key(pkcs8({"-v1", "PBE-SHA1-3DES", "-iter", "2000001"}));
  EXPECT_EQ(old.problem, Problem::kTooManyRounds);
}

TEST_F(CostlyKeys, ScryptIsRefusedByItsProduct) {
  const auto text = inspect_private_key(
      pkcs8({"-scrypt", "-scrypt_N", "1024", "-scrypt_r", "8", "-scrypt_p", "250"}));
  EXPECT_EQ(text.problem, Problem::kTooManyRounds);
  EXPECT_EQ(text.rounds, 1024U * 8U * 250U);
}

TEST_F(CostlyKeys, NothingStandsInsideAKeyOrBehindIt) {
  const std::string good = pkcs8({});
  // libssh2 would open the inner one, whose rounds nobody has looked at.
  const auto inner = support::make_key(folder_.path(), "inner", {"ed25519", 0, "", "secret"});
  EXPECT_EQ(inspect_private_key("-----BEGIN RSA PRIVATE KEY-----\n" + inner.private_key).problem,
            Problem::kBroken);
  // Bytes that another reader of Base64 or DER might take for the key.
  const std::size_t body = good.find('\n') + 1;
  const std::size_t end = good.find("-----END");
  const std::string twice = good.substr(0, end) + "\n" + good.substr(body);
  EXPECT_EQ(inspect_private_key(twice).problem, Problem::kBroken);
  EXPECT_EQ(inspect_private_key(good.substr(0, body) + good.substr(end)).problem, Problem::kBroken);
}

TEST(Pkcs8, WhatIsNoSuchStructure) {
  EXPECT_EQ(pkcs8_hashings(""), std::nullopt);
  EXPECT_EQ(pkcs8_hashings(std::string_view("\x30\x00", 2)), std::nullopt);
  EXPECT_EQ(pkcs8_hashings(std::string(4096, '\x30')), std::nullopt);
}

}  // namespace
}  // namespace sallyport::ssh
