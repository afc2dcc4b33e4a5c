// The rows of the failure table from the handshake on: what the user reads, word by word.
#include <gmock/gmock.h>
#include <signal.h>

#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr unsigned kSessionEnded = 1000;
constexpr unsigned kCouldNotConnect = 4014;

class Failures : public GatewayTest {
 protected:
  // Opens with this login and gives what the user reads; the close code must be the stage's.
  std::string failure_of(const Json& frame) {
    auto browser = connect();
    browser.send(frame);
    auto words = told(browser.expect("error"));
    EXPECT_EQ(browser.close_code(), kCouldNotConnect);
    return words;
  }
};

TEST_F(Failures, AHostWithOldAlgorithmsOnlyIsRefusedWithBothLists) {
  start();
  // The real one: libssh's may close before its own list has left, if ours comes at the same time.
  const OpenSshServer server({.config = {"KexAlgorithms diffie-hellman-group1-sha1"}});
  auto browser = connect();
  browser.send(open_frame(server.port(), password("right horse")));
  const auto error = browser.expect("error");
  EXPECT_EQ(error.at("stage"), "handshake");
  EXPECT_EQ(error.at("code"), "no-common-algorithm");
  EXPECT_EQ(error.at("message"),
            "127.0.0.1 offers only algorithms this gateway refuses: diffie-hellman-group1-sha1.");
  EXPECT_THAT(error.at("hint").get<std::string>(),
              StartsWith("For key exchange the host offers: diffie-hellman-group1-sha1. This "
                         "gateway accepts: "));
  EXPECT_THAT(error.at("hint").get<std::string>(), HasSubstr("curve25519-sha256"));
  EXPECT_EQ(browser.close_code(), kCouldNotConnect);
}

TEST_F(Failures, AWrongPasswordIsSaidWithWhatTheHostAccepts) {
  start();
  ScriptedSshServer server({.offers_publickey = true});
  EXPECT_EQ(failure_of(open_frame(server.port(), password("wrong horse"))),
            "authenticate not-accepted: 127.0.0.1 did not accept this password for ana. | It "
            "accepts: publickey, password.");
}

TEST_F(Failures, APasswordForAHostThatTakesKeysOnlyIsNotSentToIt) {
  start();
  ScriptedSshServer server({.offers_password = false, .offers_publickey = true});
  EXPECT_EQ(failure_of(open_frame(server.port(), password("right horse"))),
            "authenticate not-accepted: 127.0.0.1 did not accept this password for ana. | It "
            "accepts: publickey.");
  EXPECT_EQ(server.auth_requests(), 0);
}

TEST_F(Failures, AKeyTheHostDoesNotKnowIsNotAccepted) {
  start();
  const OpenSshServer server;
  const TemporaryFolder folder;
  const auto stranger = make_key(folder.path(), "stranger");
  EXPECT_EQ(failure_of(open_frame(server.port(), key(stranger), {{"username", server.user()}})),
            "authenticate not-accepted: 127.0.0.1 did not accept this key for " + server.user() +
                ". | It accepts: publickey.");
}

TEST_F(Failures, WrongAnswersAreNotAccepted) {
  start();
  ScriptedSshServer server({.offers_password = false,
                            .offers_interactive = true,
                            .rounds = {{"", "", {{"Code: ", true, "123456"}}}}});
  auto browser = connect();
  browser.send(open_frame(server.port(), interactive()));
  const auto prompt = browser.expect("prompt");
  browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"values", {"654321"}}});
  EXPECT_EQ(told(browser.expect("error")),
            "authenticate not-accepted: 127.0.0.1 did not accept these answers for ana. | It "
            "accepts: keyboard-interactive.");
  EXPECT_EQ(browser.close_code(), kCouldNotConnect);
}

TEST_F(Failures, ATextThatIsNoKeyCannotBeRead) {
  start();
  ScriptedSshServer server({.offers_publickey = true});
  EXPECT_THAT(failure_of(open_frame(server.port(),
                                    {{"method", "publickey"}, {"key", "ssh-ed25519 AAAA ana"}})),
              StartsWith("authenticate key-unreadable: The private key cannot be read: "));
  EXPECT_EQ(server.auth_requests(), 0);
}

TEST_F(Failures, AnEncryptedKeyNeedsItsPassphraseAndTheRightOne) {
  start();
  const TemporaryFolder folder;
  const auto locked = make_key(folder.path(), "locked", {.passphrase = "open sesame"});
  ScriptedSshServer server({.offers_publickey = true});
  EXPECT_EQ(failure_of(open_frame(server.port(), key(locked))),
            "authenticate passphrase-needed: The private key needs its passphrase. | Enter the "
            "passphrase and connect again.");
  EXPECT_EQ(failure_of(open_frame(server.port(), key(locked, "open simsim"))),
            "authenticate passphrase-wrong: This passphrase does not open the private key. | "
            "Check it and connect again.");
}

TEST_F(Failures, AShellThatEndsAtOnceIsAFailureWithItsStatus) {
  start();
  ScriptedSshServer server(
      {.prints = {"This account is not available.\r\n"}, .exits_after_prints = 1});
  auto browser = open(open_frame(server.port(), password("right horse")));
  EXPECT_EQ(told(browser.expect("error")),
            "shell shell-ended: The account's shell ended at once (status 1). | May the account "
            "log in? Its login shell or a start-up file may fail.");
  EXPECT_EQ(browser.output(), "This account is not available.\r\n");
  EXPECT_EQ(browser.close_code(), kCouldNotConnect);
}

TEST_F(Failures, AHostThatGivesNoTerminalOrNoShellDidNotStartOne) {
  start();
  ScriptedSshServer no_pty({.refuses_pty = true});
  EXPECT_THAT(failure_of(open_frame(no_pty.port(), password("right horse"))),
              StartsWith("shell shell-refused: 127.0.0.1 did not start a shell: it gives no "
                         "terminal. | The account may not be allowed a terminal"));
  ScriptedSshServer no_shell({.refuses_shell = true});
  EXPECT_THAT(failure_of(open_frame(no_shell.port(), password("right horse"))),
              StartsWith("shell shell-refused: 127.0.0.1 did not start a shell: it starts no "
                         "shell."));
}

TEST_F(Failures, AHostThatCutsARunningShellClosedTheConnection) {
  start();
  ScriptedSshServer server;
  auto browser = open(open_frame(server.port(), password("right horse")));
  browser.type("!cut\n");
  EXPECT_EQ(told(browser.expect("error")),
            "running host-closed: The host closed the connection. | Connect again.");
  EXPECT_EQ(browser.close_code(), kSessionEnded);
}

TEST_F(Failures, AHostThatSendsJunkBrokeTheProtocolOrClosed) {
  start();
  ScriptedSshServer server;
  auto browser = open(open_frame(server.port(), password("right horse")));
  browser.type("!junk\n");
  const auto error = browser.expect("error");
  EXPECT_EQ(error.at("stage"), "running");
  EXPECT_EQ(error.at("code"), "protocol-broken");
  EXPECT_THAT(error.at("message").get<std::string>(),
              StartsWith("127.0.0.1 broke the SSH protocol: "));
  EXPECT_EQ(browser.close_code(), kSessionEnded);
}

// Stops a process for as long as it lives.
class Stopped {
 public:
  explicit Stopped(pid_t pid) : pid_(pid) { kill(pid_, SIGSTOP); }
  ~Stopped() { kill(pid_, SIGCONT); }
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;

 private:
  pid_t pid_;
};

TEST_F(Failures, AHostThatTakesNothingAnyMoreStoppedAnswering) {
  settings().dead_after = 2s;
  start();
  const OpenSshServer server;
  auto browser = open(open_frame(server.port(), key(server.key()), {{"username", server.user()}}));
  browser.type("echo $PPID pp''id\n");
  auto parent = browser.expect_output(" ppid");
  parent.erase(0, parent.find_last_not_of("0123456789") + 1);
  {
    const Stopped frozen(std::stoi(parent));
    // More than the kernel takes for a host that does not read.
    for (int i = 0; i < 16; ++i) browser.type(std::string(500'000, 'x'));
    EXPECT_EQ(told(browser.expect("error")),
              "running stopped-answering: 127.0.0.1 stopped answering. | The host or the network "
              "to it may be down. Connect again.");
  }
  EXPECT_EQ(browser.close_code(), kSessionEnded);
}

}  // namespace
}  // namespace sallyport::support
