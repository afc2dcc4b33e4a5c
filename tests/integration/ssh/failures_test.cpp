// Every sentence of the stages from resolve to running that this room can cause, caused for real.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "login_client.h"
#include "net/resolver.h"
#include "support/scripted_ssh_server.h"
#include "support/server_process.h"

namespace sallyport::ssh {
namespace {

using support::Script;
using support::ScriptedSshServer;
using Stage = Script::Stage;
using std::chrono::milliseconds;

constexpr milliseconds kShort{400};
constexpr char kHost[] = "127.0.0.1";

LoginClient::Host host_of(const ScriptedSshServer& server) {
  return {server.host(), server.port(), "ana"};
}

#define EXPECT_FAILURE(actual, expected_stage, expected_message, expected_hint) \
  do {                                                                          \
    const std::optional<base::Failure> failure_ = (actual);                     \
    ASSERT_TRUE(failure_);                                                      \
    EXPECT_EQ(failure_->message, expected_message);                             \
    EXPECT_EQ(failure_->hint, expected_hint);                                   \
    EXPECT_EQ(base::name(failure_->stage), expected_stage);                     \
  } while (false)

TEST(Failures, ANameNobodyKnows) {
  LoginClient client({kHost, 1, "ana"});
  const std::string name(
      70, 'x');  // longer than a label may be (RFC 1035): needs no name server to say so
  EXPECT_FAILURE(client.finish(net::resolve(client.workers(), name, milliseconds(20'000))),
                 "resolve", name + " could not be found.",
                 "Check the spelling, or use its address.");
}

TEST(Failures, NameServersThatSayNothing) {
  LoginClient client({kHost, 1, "ana"});
  std::promise<void> answer;
  client.workers().start(
      [waits = answer.get_future().share()] { waits.wait(); });  // the only worker
  EXPECT_FAILURE(client.finish(net::resolve(client.workers(), "db-3.corp", kShort)), "resolve",
                 "The name servers did not find db-3.corp within 1 s.",
                 "Try again, or use its address.");
  answer.set_value();
}

TEST(Failures, ALiteralNeedsNoNameServer) {
  LoginClient client({kHost, 1, "ana"});
  std::promise<void> never;
  client.workers().start([waits = never.get_future().share()] { waits.wait(); });
  EXPECT_FALSE(client.finish(net::resolve(client.workers(), "::1", kShort)));
  never.set_value();
}

TEST(Failures, APortWhereNobodyListens) {
  const unsigned port = support::free_port();
  LoginClient client({kHost, port, "ana"});
  EXPECT_FAILURE(client.dial(), "connect",
                 "127.0.0.1:" + std::to_string(port) + " refused the connection.",
                 "Is the SSH server running there?");
}

TEST(Failures, AHostThatNeverAnswers) {
  // A full backlog drops what asks to connect.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener, generic, length), 0);
  ASSERT_EQ(::listen(listener, 0), 0);
  ASSERT_EQ(::getsockname(listener, generic, &length), 0);
  std::vector<int> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(waiting.back(), generic, length);
  }
  LoginClient client({kHost, ntohs(address.sin_port), "ana"});
  client.connect_limit = kShort;
  EXPECT_FAILURE(
      client.dial(), "connect",
      "127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + " did not answer within 1 s.",
      "Is the SSH server running there?");
  for (const int fd : waiting) ::close(fd);
  ::close(listener);
}

class Handshake : public testing::TestWithParam<Stage> {};

TEST_P(Handshake, SilenceEndsInTime) {
  Script script;
  script.silent_at = GetParam();
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  client.timeouts.handshake = kShort;
  ASSERT_FALSE(client.dial());
  EXPECT_FAILURE(
      client.shake_hands(), "handshake",
      base::host_port(kHost, server.port()) + " did not finish the SSH handshake within 1 s.",
      "Is it an SSH server, and is it overloaded?");
}

TEST_P(Handshake, AnEarlyEndIsSaid) {
  Script script;
  script.ends_at = GetParam();
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  ASSERT_FALSE(client.dial());
  const bool said_nothing = GetParam() == Stage::kAccept;
  EXPECT_FAILURE(client.shake_hands(), "handshake",
                 std::string("The SSH handshake with 127.0.0.1 failed: it closed the connection") +
                     (said_nothing ? " before it said anything." : "."),
                 "Try again; if it stays so, the host's log says more.");
}

INSTANTIATE_TEST_SUITE_P(Stages, Handshake,
                         testing::Values(Stage::kAccept, Stage::kIdentification,
                                         Stage::kKeyExchange));

TEST(Failures, AWebServer) {
  Script script;
  script.greeting = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html></html>";
  script.ends_at = Stage::kAccept;
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  ASSERT_FALSE(client.dial());
  EXPECT_FAILURE(client.shake_hands(), "handshake",
                 base::host_port(kHost, server.port()) + " does not speak SSH.",
                 "Check the port: SSH servers usually listen on 22.");
}

TEST(Failures, AMailServerThatWaits) {
  Script script;
  script.greeting = "220 mail.corp ESMTP\r\n";
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  client.timeouts.handshake = kShort;
  ASSERT_FALSE(client.dial());
  EXPECT_FAILURE(client.shake_hands(), "handshake",
                 base::host_port(kHost, server.port()) + " does not speak SSH.",
                 "Check the port: SSH servers usually listen on 22.");
}

TEST(Failures, AMebibyteBeforeTheIdentification) {
  Script script;
  script.greeting = std::string(1024 * 1024, 'b') + "\r\n";
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  ASSERT_FALSE(client.dial());
  const auto failure = client.shake_hands();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, "not-ssh");
}

TEST(Failures, NothingOfTheUsersIsSentBeforeTheKeyWasAccepted) {
  ScriptedSshServer server;
  {
    LoginClient client(host_of(server));
    ASSERT_FALSE(client.dial());
    ASSERT_FALSE(client.shake_hands());
    EXPECT_EQ(client.host_key.algorithm, "ssh-ed25519");
    client.run_for(milliseconds(50));
  }
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(server.auth_requests(), 0);
}

TEST(Failures, AWrongPassword) {
  Script script;
  script.offers_publickey = true;
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  EXPECT_FAILURE(client.log_in(password("wrong horse")), "authenticate",
                 "127.0.0.1 did not accept this password for ana.",
                 "It accepts: publickey, password.");
  EXPECT_EQ(server.auth_requests(), 1);
}

TEST(Failures, ATextThatIsNoKey) {
  ScriptedSshServer server;
  LoginClient client(host_of(server));
  EXPECT_FAILURE(client.log_in(key("not a key")), "authenticate",
                 base::failure::key_unreadable("it is not a private key").message,
                 base::failure::key_unreadable("it is not a private key").hint);
  EXPECT_EQ(server.auth_requests(), 0);
}

TEST(Failures, SilenceDuringTheSignIn) {
  Script script;
  script.silent_at = Stage::kAuth;
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  client.timeouts.authenticate = kShort;
  const base::Failure expected = base::failure::authenticate_timeout(kHost, 1);
  EXPECT_FAILURE(client.log_in(password("right horse")), "authenticate", expected.message,
                 expected.hint);
}

TEST(Failures, AnEndDuringTheSignIn) {
  Script script;
  script.ends_at = Stage::kAuth;
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  const base::Failure expected = base::failure::host_closed(kHost);
  EXPECT_FAILURE(client.log_in(password("right horse")), "authenticate", expected.message,
                 expected.hint);
}

class Opening : public testing::TestWithParam<Stage> {};

TEST_P(Opening, SilenceEndsInTime) {
  Script script;
  script.silent_at = GetParam();
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  client.timeouts.shell = kShort;
  const base::Failure expected = base::failure::shell_timeout(kHost, 1);
  EXPECT_FAILURE(client.log_in(password("right horse")), "shell", expected.message, expected.hint);
}

TEST_P(Opening, AnEarlyEndIsSaid) {
  Script script;
  script.ends_at = GetParam();
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));
  const base::Failure expected = base::failure::host_closed(kHost);
  EXPECT_FAILURE(client.log_in(password("right horse")), "shell", "The host closed the connection.",
                 expected.hint);
}

INSTANTIATE_TEST_SUITE_P(Stages, Opening,
                         testing::Values(Stage::kChannel, Stage::kPty, Stage::kShell));

TEST(Failures, NoTerminalAndNoShell) {
  for (const bool pty : {true, false}) {
    Script script;
    (pty ? script.refuses_pty : script.refuses_shell) = true;
    ScriptedSshServer server(script);
    LoginClient client(host_of(server));
    const base::Failure expected =
        base::failure::shell_refused(kHost, pty ? "it gives no terminal" : "it starts no shell");
    EXPECT_FAILURE(client.log_in(password("right horse")), "shell", expected.message,
                   expected.hint);
  }
}

TEST(Failures, AHostThatClosesWithoutAWord) {
  ScriptedSshServer server;
  LoginClient client(host_of(server));
  ASSERT_FALSE(client.log_in(password("right horse")));
  client.shell().write("!cut\n");
  ASSERT_TRUE(client.run_to_the_end());
  const base::Failure expected = base::failure::host_closed(kHost);
  EXPECT_FAILURE(client.failure, "running", "The host closed the connection.", expected.hint);
  EXPECT_EQ(client.output, "!cut\n");
}

TEST(Failures, AHostThatLosesItsPower) {
  ScriptedSshServer server;
  LoginClient client(host_of(server));
  client.timeouts.keepalive =
      milliseconds(100);  // nobody types: the keepalive is what is not acknowledged
  client.timeouts.dead_after = milliseconds(700);
  ASSERT_FALSE(client.log_in(password("right horse")));
  client.shell().write("!deaf\n");
  ASSERT_TRUE(client.run_to_the_end());
  const base::Failure expected = base::failure::stopped_answering(kHost);
  EXPECT_FAILURE(client.failure, "running", "127.0.0.1 stopped answering.", expected.hint);
}

TEST(Failures, BytesThatAreNoSsh) {
  ScriptedSshServer server;
  LoginClient client(host_of(server));
  ASSERT_FALSE(client.log_in(password("right horse")));
  client.shell().write("!junk\n");
  ASSERT_TRUE(client.run_to_the_end());
  ASSERT_TRUE(client.failure);
  EXPECT_EQ(client.failure->code, base::failure::protocol_broken(kHost, "x").code);
}

TEST(Failures, ClosingALinkEndsWhateverStageWaits) {
  for (const Stage stage :
       {Stage::kAccept, Stage::kKeyExchange, Stage::kAuth, Stage::kPrompt, Stage::kPty}) {
    SCOPED_TRACE(static_cast<int>(stage));
    Script script;
    script.silent_at = stage;
    if (stage == Stage::kPrompt) {
      script.offers_password = false;
      script.offers_interactive = true;
      script.rounds = {{"", "", {{"Code: ", false, "1"}}}};
    }
    ScriptedSshServer server(script);
    LoginClient client(host_of(server));
    client.answers = {{"1"}};
    ASSERT_FALSE(client.dial());
    client.later(kShort, [&] { client.link().close(); });
    std::optional<base::Failure> failure = client.shake_hands();
    if (!failure)
      failure = client.sign_in(stage == Stage::kPrompt ? interactive() : password("right horse"));
    if (!failure) failure = client.open_shell();
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, "host-closed");
  }
}

}  // namespace
}  // namespace sallyport::ssh
