#include "ssh/kexinit.h"

#include <gtest/gtest.h>

#include "ssh/algorithms.h"

namespace sallyport::ssh {
namespace {

std::string u32(std::size_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

std::string payload(const std::vector<std::string>& lists) {
  std::string out = "\x14" + std::string(16, 'c');
  for (const std::string& list : lists) out += u32(list.size()) + list;
  for (std::size_t i = lists.size(); i < 10; ++i) out += u32(0);
  return out + std::string(5, '\0');
}

std::string packet(const std::string& body) {
  const std::size_t padding = 8;
  return u32(1 + body.size() + padding) + static_cast<char>(padding) + body +
         std::string(padding, 'p');
}

using algorithms::Posture;

const std::vector<std::string> kModern{"curve25519-sha256,ext-info-s",
                                       "ssh-ed25519",
                                       "aes128-ctr",  // client to server
                                       "aes256-ctr",
                                       "hmac-sha2-256",
                                       "hmac-sha2-512"};

TEST(Kexinit, NamesItsLists) {
  const auto kexinit = parse_kexinit(payload(kModern));
  ASSERT_TRUE(kexinit);
  EXPECT_EQ(kexinit->kex, (NameList{"curve25519-sha256", "ext-info-s"}));
  EXPECT_EQ(kexinit->cipher_out, NameList{"aes128-ctr"});
  EXPECT_EQ(kexinit->cipher_in, NameList{"aes256-ctr"});
  EXPECT_EQ(kexinit->mac_out, NameList{"hmac-sha2-256"});
  EXPECT_EQ(kexinit->mac_in, NameList{"hmac-sha2-512"});
}

TEST(Kexinit, CutAnywhereIsNone) {
  const std::string whole = payload(kModern);
  const std::size_t needed = whole.size() - 5 - 4 * 4;  // what follows the MAC lists is not read
  for (std::size_t n = 0; n < needed; ++n) EXPECT_FALSE(parse_kexinit(whole.substr(0, n))) << n;
  std::string lies = whole;
  lies[17] = '\x7f';
  EXPECT_FALSE(parse_kexinit(lies));
}

TEST(KexinitReader, ReadsByteByByteWhatAHostSaysFirst) {
  const std::string stream = "welcome\r\nto db-3\n" + std::string("SSH-2.0-x y\r\n") +
                             packet("\x02ignored") + packet(payload(kModern)) +
                             "encrypted from here";
  KexinitReader reader;
  for (const char c : stream) reader.feed(std::string_view(&c, 1));
  EXPECT_EQ(reader.identification(), "SSH-2.0-x y");
  ASSERT_TRUE(reader.kexinit());
  EXPECT_TRUE(reader.finished());
  KexinitReader at_once;
  at_once.feed(stream);
  ASSERT_TRUE(at_once.kexinit());
  EXPECT_EQ(at_once.kexinit()->kex, reader.kexinit()->kex);
}

TEST(KexinitReader, GivesUpOnWhatIsNoSsh) {
  KexinitReader endless;
  for (int i = 0; i < 100 && !endless.finished(); ++i) endless.feed(std::string(1024, 'x'));
  EXPECT_TRUE(endless.finished());
  EXPECT_FALSE(endless.identified());
  KexinitReader broken;
  broken.feed("SSH-2.0-x\r\n\xff\xff\xff\xff\x04\x14");
  EXPECT_TRUE(broken.finished());
  EXPECT_TRUE(broken.identified());
  EXPECT_FALSE(broken.kexinit());
}

TEST(Algorithms, AModernHostFits) {
  EXPECT_FALSE(algorithms::mismatch(*parse_kexinit(payload(kModern)), Posture::kModern));
}

TEST(Algorithms, TheFirstKindWithoutACommonNameIsNamed) {
  const struct {
    std::size_t list;
    const char *offers, *kind, *offered;
  } cases[] = {
      {0, "diffie-hellman-group1-sha1,ext-info-s,kex-strict-s-v00@openssh.com", "key exchange",
       "diffie-hellman-group1-sha1"},
      {1, "ssh-rsa,ssh-dss", "host key", "ssh-rsa, ssh-dss"},
      {2, "aes128-cbc", "cipher", "aes128-cbc"},
      {3, "3des-cbc,aes256-cbc", "cipher", "3des-cbc, aes256-cbc"},
      {4, "hmac-sha1", "MAC", "hmac-sha1"},
      {5, "hmac-md5", "MAC", "hmac-md5"},
  };
  for (const auto& one : cases) {
    auto lists = kModern;
    lists[one.list] = one.offers;
    const auto found = algorithms::mismatch(*parse_kexinit(payload(lists)), Posture::kModern);
    ASSERT_TRUE(found) << one.offers;
    EXPECT_EQ(found->kind, one.kind);
    EXPECT_EQ(found->offered, one.offered);
    EXPECT_FALSE(found->accepted.empty());
  }
}

TEST(Algorithms, ACipherThatBringsItsMacNeedsNone) {
  auto lists = kModern;
  lists[2] = lists[3] = "aes256-gcm@openssh.com";
  lists[4] = lists[5] = "hmac-md5";
  EXPECT_FALSE(algorithms::mismatch(*parse_kexinit(payload(lists)), Posture::kModern));
}

TEST(Algorithms, NothingOldIsAskedFor) {
  const algorithms::Offer offer = algorithms::offer(Posture::kModern, {});
  for (const auto& names : {offer.kex, offer.hostkey, offer.cipher, offer.mac, offer.signature}) {
    for (const char* old : {"sha1", "cbc", "dss", "ssh-rsa", "md5", "arcfour", "group1-"}) {
      EXPECT_EQ(names.find(old), std::string::npos) << names;
    }
  }
}

TEST(Algorithms, LegacyAddsWhatIsOldBehindWhatIsNot) {
  const algorithms::Offer modern = algorithms::offer(Posture::kModern, {});
  const algorithms::Offer legacy = algorithms::offer(Posture::kLegacy, {});
  EXPECT_EQ(legacy.kex, modern.kex + ",diffie-hellman-group14-sha1");
  EXPECT_EQ(legacy.hostkey, modern.hostkey + ",ssh-rsa");
  EXPECT_EQ(legacy.cipher, modern.cipher + ",aes256-cbc,aes192-cbc,aes128-cbc");
  EXPECT_EQ(legacy.mac, modern.mac + ",hmac-sha1-etm@openssh.com,hmac-sha1");
  EXPECT_EQ(legacy.signature, modern.signature + ",ssh-rsa");
  for (const auto& names : {legacy.kex, legacy.hostkey, legacy.cipher, legacy.mac}) {
    for (const char* broken : {"dss", "md5", "arcfour", "3des", "group1-", "group-exchange"}) {
      EXPECT_EQ(names.find(broken), std::string::npos) << names;
    }
  }
  EXPECT_TRUE(algorithms::is_legacy("aes128-cbc"));
  EXPECT_FALSE(algorithms::is_legacy("aes128-ctr"));
  EXPECT_FALSE(algorithms::is_legacy(""));
}

TEST(Algorithms, AnOldHostFitsWhereItIsAllowed) {
  const auto old = *parse_kexinit(payload({"diffie-hellman-group14-sha1", "ssh-rsa", "aes128-cbc",
                                           "aes128-cbc", "hmac-sha1", "hmac-sha1"}));
  EXPECT_TRUE(algorithms::mismatch(old, Posture::kModern));
  EXPECT_FALSE(algorithms::mismatch(old, Posture::kLegacy));
}

TEST(Algorithms, KeyTypesOnFileComeFirst) {
  const std::vector<std::string> rsa{"ssh-rsa"};
  EXPECT_TRUE(algorithms::offer(Posture::kModern, rsa)
                  .hostkey.starts_with("rsa-sha2-512,rsa-sha2-256,ssh-ed25519"));
  EXPECT_TRUE(algorithms::offer(Posture::kLegacy, rsa)
                  .hostkey.starts_with("rsa-sha2-512,rsa-sha2-256,ssh-rsa,ssh-ed25519"));
  const std::vector<std::string> old{"ssh-dss"};
  EXPECT_EQ(algorithms::offer(Posture::kModern, old).hostkey,
            algorithms::offer(Posture::kModern, {}).hostkey);
}

}  // namespace
}  // namespace sallyport::ssh
