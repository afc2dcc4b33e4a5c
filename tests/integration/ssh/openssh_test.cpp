// Against the real sshd.
#include <gtest/gtest.h>

#include "login_client.h"
#include "support/openssh_server.h"

namespace sallyport::ssh {
namespace {

using support::KeyWish;
using support::OpenSshServer;
using support::TemporaryFolder;

LoginClient::Host host_of(const OpenSshServer& server) {
  return {server.host(), server.port(), server.user()};
}

std::string words(const std::optional<base::Failure>& failure) {
  return failure ? failure->message + " " + failure->hint : "signed in";
}

struct Kind {
  std::string name, type;
  unsigned bits;
  std::string format;
};

class OpenSshKeys : public testing::TestWithParam<Kind> {
 protected:
  KeyWish wish(const std::string& passphrase = "") const {
    return {GetParam().type, GetParam().bits, GetParam().format, passphrase};
  }
  TemporaryFolder folder_;
};

TEST_P(OpenSshKeys, LetsTheirOwnerIn) {
  const auto pair = support::make_key(folder_.path(), "k", wish());
  OpenSshServer::Options options;
  options.authorized_keys = {pair.public_line};
  OpenSshServer server(options);
  LoginClient client(host_of(server));
  EXPECT_EQ(words(client.log_in(key(pair.private_key))), "signed in");
  EXPECT_EQ(client.host_key.algorithm, "ssh-ed25519");
}

TEST_P(OpenSshKeys, WithAPassphraseRightWrongAndMissing) {
  const auto pair = support::make_key(folder_.path(), "k", wish("open sesame"));
  OpenSshServer::Options options;
  options.authorized_keys = {pair.public_line};
  OpenSshServer server(options);
  {
    LoginClient client(host_of(server));
    EXPECT_EQ(words(client.log_in(key(pair.private_key, "open sesame"))), "signed in");
  }
  {
    LoginClient client(host_of(server));
    EXPECT_EQ(words(client.log_in(key(pair.private_key, "open barley"))),
              words(base::failure::passphrase_wrong()));
  }
  {
    LoginClient client(host_of(server));
    EXPECT_EQ(words(client.log_in(key(pair.private_key))),
              words(base::failure::passphrase_needed()));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, OpenSshKeys,
    testing::Values(Kind{"ed25519", "ed25519", 0, ""}, Kind{"ecdsa256", "ecdsa", 256, ""},
                    Kind{"ecdsa384", "ecdsa", 384, ""}, Kind{"ecdsa521", "ecdsa", 521, ""},
                    Kind{"rsa", "rsa", 2048, ""}, Kind{"rsa_pem", "rsa", 2048, "PEM"},
                    Kind{"ecdsa_pem", "ecdsa", 256, "PEM"},
                    Kind{"rsa_pkcs8", "rsa", 3072, "PKCS8"}),
    [](const auto& param) { return param.param.name; });

class OpenSsh : public testing::Test {
 protected:
  OpenSshServer server_;
  TemporaryFolder folder_;
};

TEST_F(OpenSsh, AKeyPastedWithCarriageReturnsAndIndentation) {
  std::string pasted = "here it is:\r\n";
  for (const char c : server_.key().private_key)
    pasted += c == '\n' ? std::string("\r\n  ") : std::string(1, c);
  LoginClient client(host_of(server_));
  EXPECT_EQ(words(client.log_in(key(pasted))), "signed in");
}

TEST_F(OpenSsh, SignsWithRsaSha2) {
  const auto pair = support::make_key(folder_.path(), "k", {"rsa", 2048, "", ""});
  OpenSshServer::Options options;
  options.authorized_keys = {pair.public_line};
  options.config = {"LogLevel DEBUG2"};
  OpenSshServer server(options);
  LoginClient client(host_of(server));
  ASSERT_EQ(words(client.log_in(key(pair.private_key))), "signed in");
  EXPECT_NE(server.log().find("rsa-sha2-512"), std::string::npos);
  EXPECT_EQ(server.log().find("pkalg ssh-rsa "), std::string::npos);
}

TEST_F(OpenSsh, ACertificateLetsItsKeyIn) {
  for (const char* type : {"ed25519", "ecdsa", "rsa"}) {
    SCOPED_TRACE(type);
    const TemporaryFolder folder;
    const auto authority = support::make_key(folder.path(), "ca");
    const auto pair = support::make_key(folder.path(), "k", support::key_of_type(type));
    const std::string certificate = support::make_certificate(authority, pair, server_.user());
    OpenSshServer::Options options;
    options.config = {"TrustedUserCAKeys " + authority.file.string() + ".pub"};
    OpenSshServer server(options);
    {
      LoginClient client(host_of(server));
      EXPECT_EQ(words(client.log_in(key(pair.private_key, "", certificate))), "signed in");
    }
    LoginClient without(host_of(server));
    EXPECT_EQ(words(without.log_in(key(pair.private_key))),
              words(base::failure::not_accepted("127.0.0.1", server.user(),
                                                base::failure::Credential::kKey, "publickey")));
  }
}

TEST_F(OpenSsh, AnUnknownKeyIsNotAccepted) {
  const auto stranger = support::make_key(folder_.path(), "k");
  LoginClient client(host_of(server_));
  const auto failure = client.log_in(key(stranger.private_key));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->message, "127.0.0.1 did not accept this key for " + server_.user() + ".");
  EXPECT_EQ(failure->hint, "It accepts: publickey.");
  EXPECT_EQ(failure->stage, base::Stage::kAuthenticate);
}

TEST_F(OpenSsh, APasswordWhereOnlyKeysCount) {
  LoginClient client(host_of(server_));
  const auto failure = client.log_in(password("secret"));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->message, "127.0.0.1 did not accept this password for " + server_.user() + ".");
  EXPECT_EQ(failure->hint, "It accepts: publickey.");
}

TEST_F(OpenSsh, RunsAShellWithSizeTermAndEnvironment) {
  LoginClient client(host_of(server_));
  client.request.size = {101, 37};
  client.request.env = {{"SALLYPORT_TEST", "carried"}, {"NOT_ACCEPTED", "x"}};
  ASSERT_EQ(words(client.log_in(key(server_.key().private_key))), "signed in");
  client.shell().write("stty size; echo \"$TERM,$SALLYPORT_TEST,$NOT_ACCEPTED.\"\n");
  EXPECT_TRUE(client.read_until_contains("37 101"));
  EXPECT_TRUE(client.read_until_contains("xterm-256color,carried,.")) << client.output;
  client.shell().resize(90, 20);
  client.shell().resize(132, 43);
  client.shell().write("stty size\n");
  EXPECT_TRUE(client.read_until_contains("43 132"));
  EXPECT_GT(client.pauses, 0U);
}

TEST_F(OpenSsh, TellsTheExitStatus) {
  LoginClient client(host_of(server_));
  ASSERT_EQ(words(client.log_in(key(server_.key().private_key))), "signed in");
  client.shell().write("echo last words; exit 42\n");
  ASSERT_TRUE(client.run_to_the_end());
  ASSERT_TRUE(client.exit) << words(client.failure);
  EXPECT_EQ(client.exit->status, 42);
  EXPECT_EQ(client.exit->signal, "");
  EXPECT_NE(client.output.find("last words\r\n"), std::string::npos);
}

TEST_F(OpenSsh, TellsTheSignal) {
  LoginClient client(host_of(server_));
  ASSERT_EQ(words(client.log_in(key(server_.key().private_key))), "signed in");
  client.shell().write("kill -KILL $$\n");
  ASSERT_TRUE(client.run_to_the_end());
  ASSERT_TRUE(client.exit) << words(client.failure);
  EXPECT_EQ(client.exit->signal, "KILL");
}

TEST_F(OpenSsh, OverIpv6) {
  OpenSshServer::Options options;
  options.ipv6 = true;
  OpenSshServer server(options);
  LoginClient client(host_of(server));
  ASSERT_EQ(words(client.log_in(key(server.key().private_key))), "signed in");
  client.shell().write("echo over six\n");
  EXPECT_TRUE(client.read_until_contains("over six\r\n"));
}

TEST_F(OpenSsh, AsksForTheKeyTypeThatIsOnFile) {
  const auto second = support::make_key(folder_.path(), "rsa_host", {"rsa", 2048, "", ""});
  OpenSshServer::Options options;
  options.config = {"HostKey " + second.file.string()};
  OpenSshServer server(options);
  LoginClient client(host_of(server));
  client.known_types = {"ssh-rsa"};
  ASSERT_EQ(words(client.log_in(key(server.key().private_key))), "signed in");
  EXPECT_EQ(client.host_key.algorithm, "ssh-rsa");
  EXPECT_EQ(client.link().algorithms().hostkey, "rsa-sha2-512");
  EXPECT_EQ(
      client.host_key.fingerprint(),
      support::run_program({"ssh-keygen", "-lf", second.file.string() + ".pub"}).substr(5, 50));
}

TEST_F(OpenSsh, GivesTheBannerAndTheAlgorithms) {
  support::write_file(folder_.path() / "banner", "Only for \x1b[31mfriends\n");
  OpenSshServer::Options options;
  options.config = {"Banner " + (folder_.path() / "banner").string()};
  OpenSshServer server(options);
  LoginClient client(host_of(server));
  ASSERT_EQ(words(client.log_in(key(server.key().private_key))), "signed in");
  EXPECT_EQ(client.link().banner(), "Only for \xEF\xBF\xBD[31mfriends\n");
  EXPECT_EQ(client.link().algorithms().kex, "curve25519-sha256");
}

TEST_F(OpenSsh, SaysWhichAlgorithmsItWouldNotTake) {
  OpenSshServer::Options options;
  options.config = {"KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1"};
  OpenSshServer server(options);
  LoginClient client(host_of(server));
  const auto failure = client.log_in(key(server.key().private_key));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->message,
            "127.0.0.1 offers only algorithms this gateway refuses: diffie-hellman-group1-sha1, "
            "diffie-hellman-group14-sha1.");
  EXPECT_NE(failure->hint.find("curve25519-sha256"), std::string::npos);
  EXPECT_EQ(failure->stage, base::Stage::kHandshake);
}

TEST_F(OpenSsh, TenMegabytesBothWaysAreTheSameBytes) {
  LoginClient client(host_of(server_));
  ASSERT_EQ(words(client.log_in(key(server_.key().private_key))), "signed in");
  client.shell().write(
      "PS1=; stty raw -echo; printf 're%s\\n' ady; head -c 10000000 | cksum; cat; exit\n");
  ASSERT_TRUE(client.read_until_contains("ready\n"));
  client.output.clear();
  std::string input;
  for (unsigned i = 0; input.size() < 10'000'000; ++i)
    input += static_cast<char>(i * 2654435761U >> 24);
  support::write_file(folder_.path() / "input", input);
  const std::string expected =
      support::run_program({"sh", "-c", "cksum < " + (folder_.path() / "input").string()});
  for (std::size_t at = 0; at < input.size(); at += 65'536)
    client.shell().write(std::string_view(input).substr(at, 65'536));
  ASSERT_TRUE(client.read_until_contains(expected)) << client.output;
  EXPECT_EQ(client.shell().backlog(), 0U);
  EXPECT_GT(client.drained, 0U);
  client.output.clear();
  // And back: `cat` in raw mode returns every byte.
  client.shell().write(input);
  ASSERT_TRUE(
      client.read_until([&](const std::string& all) { return all.size() >= input.size(); }));
  EXPECT_TRUE(client.output == input);
}

TEST_F(OpenSsh, APausedFloodIsBoundedAndLosesNothing) {
  LoginClient client(host_of(server_));
  ASSERT_EQ(words(client.log_in(key(server_.key().private_key))), "signed in");
  client.shell().write("PS1=; stty -echo -onlcr; echo go; seq 1 400000; echo done\n");
  ASSERT_TRUE(client.read_until([](const std::string& all) { return all.size() > 100'000; }));
  client.shell().pause();
  const std::size_t before = client.output.size();
  client.run_for(std::chrono::milliseconds(300));
  EXPECT_EQ(client.output.size(),
            before);  // nothing is read, so the host's window bounds what is in flight
  client.shell().resume();
  ASSERT_TRUE(client.read_until_contains("\ndone\n"));
  std::string expected;
  for (int i = 1; i <= 400'000; ++i) expected += std::to_string(i) + "\n";
  EXPECT_NE(client.output.find("go\n" + expected + "done\n"), std::string::npos);
}

TEST_F(OpenSsh, HangingUpEndsTheShellWithoutAnotherEvent) {
  LoginClient client(host_of(server_));
  ASSERT_EQ(words(client.log_in(key(server_.key().private_key))), "signed in");
  client.shell().write("yes\n");
  ASSERT_TRUE(client.read_until([](const std::string& all) { return all.size() > 200'000; }));
  const std::size_t before = client.output.size();
  client.shell().hang_up();
  client.run_for(std::chrono::milliseconds(50));
  EXPECT_EQ(client.output.size(), before);
  EXPECT_FALSE(client.exit);
  EXPECT_FALSE(client.failure);
  client.drop_shell();
}

TEST_F(OpenSsh, AServerThatGoesIsAHostThatClosed) {
  auto server = std::make_unique<OpenSshServer>();
  LoginClient client(host_of(*server));
  ASSERT_EQ(words(client.log_in(key(server->key().private_key))), "signed in");
  client.shell().write("echo $PPID\n");
  ASSERT_TRUE(client.read_until(
      [](const std::string& all) { return all.find("\r\n") != std::string::npos; }));
  client.shell().write("kill -KILL $PPID\n");
  ASSERT_TRUE(client.run_to_the_end());
  ASSERT_TRUE(client.failure);
  EXPECT_EQ(client.failure->message, "The host closed the connection.");
}

}  // namespace
}  // namespace sallyport::ssh
