// A host that has old algorithms only, and the setting that lets it be used all the same: for that
// host, by name, and for no other.
#include <gmock/gmock.h>

#include "support/gateway_fixture.h"
#include "support/hostile_host.h"
#include "support/openssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// One kind of old algorithm each, or all of them.
struct Old {
  const char* name;
  std::vector<std::string> config;  // sshd_config(5)
  const char* host_key_type;
  const char* kind;   // in the refusal
  const char* field;  // of `algorithms`
  const char* chosen;
};

class LegacyHosts : public GatewayTest, public ::testing::WithParamInterface<Old> {
 protected:
  static OpenSshServer::Options options() {
    OpenSshServer::Options options;
    options.config = GetParam().config;
    options.host_key_type = GetParam().host_key_type;
    return options;
  }
  void start_with_preset() {
    settings().hosts = {{.name = "old",
                         .address = server_.host(),
                         .port = server_.port(),
                         .user = server_.user(),
                         .identity_file = {},
                         .legacy = true}};
    start();
  }
  Json preset_frame(const Json& auth) const {
    return {{"type", "open"}, {"preset", "old"}, {"auth", auth}, {"cols", 80}, {"rows", 24}};
  }

  OpenSshServer server_{options()};
};

TEST_P(LegacyHosts, AreRefusedWithTheSettingThatWouldHelp) {
  start_with_preset();
  auto browser = connect();
  // The same host, not by the name that was allowed it.
  browser.send(open_frame(server_.port(), key(server_.key()), {{"username", server_.user()}}));
  const auto error = browser.expect("error");
  EXPECT_EQ(error.at("code"), "no-common-algorithm") << told(error);
  EXPECT_EQ(error.at("params").at("kind"), GetParam().kind);
  EXPECT_EQ(error.at("params").at("legacy"), "true");
  EXPECT_THAT(error.at("hint").get<std::string>(), HasSubstr("legacy = true"));
}

TEST_P(LegacyHosts, AreUsedByTheNameThatAllowsItAndItIsSaid) {
  start_with_preset();
  auto browser = connect();
  browser.send(preset_frame(key(server_.key())));
  const auto opened = browser.expect("opened");
  EXPECT_EQ(opened.at("algorithms").at(GetParam().field), GetParam().chosen) << opened;
  EXPECT_EQ(opened.at("legacy"), true);
  browser.type("echo o''ld\r");
  browser.expect_output("old");
  auto again = connect();
  again.send({{"type", "attach"},
              {"session", opened.at("session")},
              {"token", opened.at("token")},
              {"received", 0},
              {"cols", 80},
              {"rows", 24}});
  EXPECT_EQ(again.expect("attached").at("legacy"), true);
  again.hang_up();
}

INSTANTIATE_TEST_SUITE_P(
    EachKind, LegacyHosts,
    ::testing::Values(
        Old{"kex",
            {"KexAlgorithms diffie-hellman-group14-sha1"},
            "ed25519",
            "key exchange",
            "kex",
            "diffie-hellman-group14-sha1"},
        Old{"host_key", {"HostKeyAlgorithms ssh-rsa"}, "rsa", "host key", "hostkey", "ssh-rsa"},
        Old{"cipher",
            {"Ciphers aes128-cbc,aes256-cbc"},
            "ed25519",
            "cipher",
            "cipher_in",
            "aes256-cbc"},
        Old{"mac",
            {"Ciphers aes256-ctr", "MACs hmac-sha1"},
            "ed25519",
            "MAC",
            "mac_out",
            "hmac-sha1"},
        Old{"all",
            {"KexAlgorithms diffie-hellman-group14-sha1", "HostKeyAlgorithms ssh-rsa",
             "Ciphers aes128-cbc", "MACs hmac-sha1-etm@openssh.com"},
            "rsa",
            "key exchange",
            "mac_in",
            "hmac-sha1-etm@openssh.com"}),
    [](const auto& info) { return std::string(info.param.name); });

class LegacyAllowed : public GatewayTest {};

TEST_F(LegacyAllowed, AnRsaKeySignsWithSha1OnlyWhereThatIsAllowed) {
  const TemporaryFolder folder;
  const KeyPair rsa = make_key(folder.path(), "rsa", key_of_type("rsa"));
  const KeyPair ecdsa = make_key(folder.path(), "ecdsa", key_of_type("ecdsa"));
  HostileHost host;  // polite, but it does not say which signatures it takes
  settings().hosts = {{.name = "old",
                       .address = "127.0.0.1",
                       .port = host.port(),
                       .user = "ana",
                       .identity_file = {},
                       .legacy = true}};
  start();
  auto refused = connect();
  refused.send(open_frame(host.port(), key(rsa)));
  const auto error = refused.expect("error");
  EXPECT_EQ(error.at("code"), "key-signature-too-old") << told(error);
  EXPECT_THAT(error.at("hint").get<std::string>(), HasSubstr("legacy = true"));
  auto browser = connect();
  browser.send(
      {{"type", "open"}, {"preset", "old"}, {"auth", key(rsa)}, {"cols", 80}, {"rows", 24}});
  browser.expect("opened");
  browser.hang_up();
  open(open_frame(host.port(), key(ecdsa))).hang_up();
}

TEST_F(LegacyAllowed, AModernHostIsUsedAsEverAndNothingIsSaid) {
  OpenSshServer server;
  settings().hosts = {{.name = "old",
                       .address = server.host(),
                       .port = server.port(),
                       .user = server.user(),
                       .identity_file = {},
                       .legacy = true}};
  start();
  auto browser = connect();
  browser.send({{"type", "open"},
                {"preset", "old"},
                {"auth", key(server.key())},
                {"cols", 80},
                {"rows", 24}});
  const auto opened = browser.expect("opened");
  EXPECT_FALSE(opened.contains("legacy")) << opened;
  EXPECT_THAT(opened.at("algorithms").dump(), Not(HasSubstr("sha1")));
  browser.hang_up();
}

TEST_F(LegacyAllowed, WhatIsBrokenOnceForAllIsRefusedEvenThen) {
  OpenSshServer::Options options;
  options.config = {"KexAlgorithms diffie-hellman-group1-sha1", "Ciphers 3des-cbc"};
  OpenSshServer server(options);
  settings().hosts = {{.name = "old",
                       .address = server.host(),
                       .port = server.port(),
                       .user = server.user(),
                       .identity_file = {},
                       .legacy = true}};
  start();
  auto browser = connect();
  browser.send({{"type", "open"},
                {"preset", "old"},
                {"auth", key(server.key())},
                {"cols", 80},
                {"rows", 24}});
  const auto error = browser.expect("error");
  EXPECT_EQ(error.at("code"), "no-common-algorithm");
  EXPECT_THAT(error.at("hint").get<std::string>(), Not(HasSubstr("legacy")));
}

}  // namespace
}  // namespace sallyport::support
