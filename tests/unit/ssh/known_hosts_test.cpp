#include "ssh/known_hosts.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ssh/host_keys.h"
#include "support/throwaway_keys.h"

namespace sallyport::ssh {
namespace {

using support::read_file;
using support::TemporaryFolder;
using support::write_file;

HostKey key_of(const support::KeyPair& pair) {
  // "type base64 comment"
  const std::string& line = pair.public_line;
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first + 1);
  return {line.substr(0, first), from_base64(line.substr(first + 1, second - first - 1)).value()};
}

TEST(KnownHostLine, IsReadWithItsMarker) {
  const TemporaryFolder folder;
  const HostKey key = key_of(support::make_key(folder.path(), "k"));
  const std::string rest = "db-3 " + key.algorithm + " " + to_base64(key.blob);
  const auto plain = parse_known_host(rest + " a comment\r\n");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->marker, KnownHost::Marker::kNone);
  EXPECT_EQ(plain->patterns, "db-3");
  EXPECT_EQ(plain->blob, key.blob);
  EXPECT_EQ(parse_known_host("@revoked \t" + rest)->marker, KnownHost::Marker::kRevoked);
  EXPECT_EQ(parse_known_host("@cert-authority " + rest)->marker, KnownHost::Marker::kCertAuthority);
}

TEST(KnownHostLine, ThatIsBrokenIsSkipped) {
  const TemporaryFolder folder;
  const HostKey key = key_of(support::make_key(folder.path(), "k"));
  const std::string blob = to_base64(key.blob);
  for (const std::string& line :
       {std::string(), std::string("   "), std::string("# db-3 ssh-ed25519 AAAA"),
        std::string("db-3"), std::string("db-3 ssh-ed25519"),
        std::string("db-3 ssh-ed25519 not!base64"), "db-3 ssh-rsa " + blob,
        "@unknown db-3 ssh-ed25519 " + blob, "db-3 ssh-ed25519 " + blob.substr(1),
        std::string("@revoked")}) {
    EXPECT_FALSE(parse_known_host(line)) << line;
  }
}

TEST(KnownHostPatterns, NameHosts) {
  const struct {
    const char *patterns, *name;
    bool named;
  } cases[] = {
      {"db-3", "db-3", true},
      {"DB-3", "db-3", true},
      {"db-3", "db-33", false},
      {"db-?", "db-3", true},
      {"db-?", "db-", false},
      {"*.corp", "db-3.corp", true},
      {"*.corp", "corp", false},
      {"*", "[db-3]:2222", true},
      {"db-3,10.0.0.5", "10.0.0.5", true},
      {"*.corp,!bad.corp", "bad.corp", false},
      {"!bad.corp,*.corp", "bad.corp", false},
      {"!bad.corp,*.corp", "good.corp", true},
      {"!good.corp", "other.corp", false},
      {"[db-3]:2222", "[db-3]:2222", true},
      {"db-3", "[db-3]:2222", false},
      {"[db-3]:2222", "db-3", false},
      {",,db-3,", "db-3", true},
      {"|1|bad", "db-3", false},
      {"|1|!!!!|????", "db-3", false},
      {"a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
  };
  for (const auto& one : cases)
    EXPECT_EQ(names_host(one.patterns, one.name), one.named) << one.patterns << one.name;
}

TEST(KnownHostNames, CarryThePortUnlessItIs22) {
  EXPECT_EQ(known_host_name("DB-3.corp", 22), "db-3.corp");
  EXPECT_EQ(known_host_name("db-3.corp", 2222), "[db-3.corp]:2222");
  EXPECT_EQ(known_host_name("::1", 22), "::1");
  EXPECT_EQ(known_host_name("::1", 2222), "[::1]:2222");
}

TEST(KnownHostNames, HashedBySshKeygenAreFound) {
  const TemporaryFolder folder;
  const HostKey key = key_of(support::make_key(folder.path(), "k"));
  const auto file = folder.path() / "known_hosts";
  write_file(file, known_host_line("db-3.corp", key.algorithm, key.blob) +
                       known_host_line("[db-4.corp]:2222", key.algorithm, key.blob));
  support::run_program({"ssh-keygen", "-q", "-H", "-f", file.string()});
  ASSERT_EQ(read_file(file).find("db-3"), std::string::npos);
  const HostKeys keys(file);
  EXPECT_EQ(keys.check("db-3.corp", 22, key)->verdict, HostKeyVerdict::kKnown);
  EXPECT_EQ(keys.check("db-4.corp", 2222, key)->verdict, HostKeyVerdict::kKnown);
  EXPECT_EQ(keys.check("db-4.corp", 22, key)->verdict, HostKeyVerdict::kUnknown);
}

class HostKeysTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "state" / "deeper" / "known_hosts";
  HostKeys keys_{file_};
  HostKey one_ = key_of(support::make_key(folder_.path(), "one"));
  HostKey two_ = key_of(support::make_key(folder_.path(), "two"));
  HostKey ecdsa_ =
      key_of(support::make_key(folder_.path(), "three", support::key_of_type("ecdsa")));

  static unsigned mode_of(const std::filesystem::path& path) {
    struct stat status{};
    ::stat(path.c_str(), &status);
    return status.st_mode & 0777;
  }
};

TEST_F(HostKeysTest, AFileThatIsNotThereKnowsNobody) {
  EXPECT_EQ(keys_.check("db-3", 22, one_)->verdict, HostKeyVerdict::kUnknown);
  EXPECT_TRUE(keys_.known_types("db-3", 22)->empty());
}

// A user reads a fingerprint for minutes. Who accepts a key meanwhile decides what the host's key
// is.
TEST_F(HostKeysTest, TheFirstKeyThatIsAcceptedStands) {
  ASSERT_EQ(keys_.check("db-3", 22, one_)->verdict, HostKeyVerdict::kUnknown);
  ASSERT_EQ(keys_.check("db-3", 22, two_)->verdict, HostKeyVerdict::kUnknown);
  ASSERT_TRUE(keys_.save("db-3", 22, one_));
  const auto second = keys_.save("db-3", 22, two_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "host-key-changed");
  EXPECT_EQ(keys_.check("db-3", 22, two_)->verdict, HostKeyVerdict::kChanged);
}

TEST_F(HostKeysTest, AKeyRevokedMeanwhileIsNotSaved) {
  ASSERT_EQ(keys_.check("db-3", 22, one_)->verdict, HostKeyVerdict::kUnknown);
  std::filesystem::create_directories(file_.parent_path());
  write_file(file_, "@revoked * ssh-ed25519 " + to_base64(one_.blob) + "\n");
  const auto saved = keys_.save("db-3", 22, one_);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, "host-key-revoked");
}

TEST_F(HostKeysTest, WhatWasSavedIsKnownAndForUsAlone) {
  ASSERT_TRUE(keys_.save("DB-3", 22, one_));
  ASSERT_TRUE(keys_.save("db-3", 22, one_));  // once
  ASSERT_TRUE(keys_.save("db-3", 2222, two_));
  EXPECT_EQ(read_file(file_), known_host_line("db-3", "ssh-ed25519", one_.blob) +
                                  known_host_line("[db-3]:2222", "ssh-ed25519", two_.blob));
  EXPECT_EQ(keys_.check("db-3", 22, one_)->verdict, HostKeyVerdict::kKnown);
  EXPECT_EQ(keys_.check("db-3", 2222, two_)->verdict, HostKeyVerdict::kKnown);
  EXPECT_EQ(*keys_.known_types("db-3", 22), std::vector<std::string>{"ssh-ed25519"});
  EXPECT_EQ(mode_of(file_), 0600U);
  EXPECT_EQ(mode_of(file_.parent_path()), 0700U);
}

TEST_F(HostKeysTest, AnotherKeyHasChangedAndSaysWhatIsOnFile) {
  ASSERT_TRUE(keys_.save("db-3", 22, one_));
  const auto same_type = keys_.check("db-3", 22, two_);
  EXPECT_EQ(same_type->verdict, HostKeyVerdict::kChanged);
  EXPECT_EQ(same_type->expected, one_.fingerprint());
  // Its type was asked for: a host that shows another is not the host on file.
  EXPECT_EQ(keys_.check("db-3", 22, ecdsa_)->verdict, HostKeyVerdict::kChanged);
}

TEST_F(HostKeysTest, ARevokedKeyIsRevokedEvenWhenItIsOnFile) {
  ASSERT_TRUE(keys_.save("db-3", 22, one_));
  write_file(file_,
             read_file(file_) + "@revoked * " + one_.algorithm + " " + to_base64(one_.blob) + "\n");
  EXPECT_EQ(keys_.check("db-3", 22, one_)->verdict, HostKeyVerdict::kRevoked);
  EXPECT_EQ(keys_.check("db-9", 22, one_)->verdict, HostKeyVerdict::kRevoked);
  EXPECT_EQ(keys_.check("db-9", 22, two_)->verdict, HostKeyVerdict::kUnknown);
}

TEST_F(HostKeysTest, AnEditCountsAtOnceAndAMissingLineBreakIsMended) {
  ASSERT_TRUE(keys_.save("db-3", 22, one_));
  write_file(file_, "db-3 " + two_.algorithm + " " + to_base64(two_.blob));
  EXPECT_EQ(keys_.check("db-3", 22, one_)->verdict, HostKeyVerdict::kChanged);
  ASSERT_TRUE(keys_.save("db-4", 22, one_));
  EXPECT_EQ(keys_.check("db-3", 22, two_)->verdict, HostKeyVerdict::kKnown);
  EXPECT_EQ(keys_.check("db-4", 22, one_)->verdict, HostKeyVerdict::kKnown);
}

TEST_F(HostKeysTest, NamesThatWouldForgeALineAreNotSaved) {
  for (const char* name : {"", "a b", "a\nb", "*", "a,b", "!a", "|1|x", "@revoked", "#a"}) {
    const auto saved = keys_.save(name, 22, one_);
    ASSERT_FALSE(saved) << name;
    EXPECT_EQ(saved.error().code, "host-key-not-saved");
  }
}

TEST_F(HostKeysTest, AFileThatCannotBeReadIsAFailureAndNotAnEmptyOne) {
  const HostKeys folder_as_file(folder_.path());
  const auto check = folder_as_file.check("db-3", 22, one_);
  ASSERT_FALSE(check);
  EXPECT_EQ(check.error().code, "host-keys-unreadable");
  EXPECT_EQ(check.error().message,
            "This gateway cannot read its known_hosts file: Is a directory.");
}

TEST_F(HostKeysTest, FingerprintsAreOpenSshs) {
  const std::string said =
      support::run_program({"ssh-keygen", "-lf", (folder_.path() / "one.pub").string()});
  EXPECT_NE(said.find(one_.fingerprint() + " "), std::string::npos) << said;
}

}  // namespace
}  // namespace sallyport::ssh
