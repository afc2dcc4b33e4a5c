// A host that falls silent, or hangs up, at each stage of a login: the deadline of that stage says
// so.
#include <gmock/gmock.h>

#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::StartsWith;
using namespace std::chrono_literals;
using Stage = Script::Stage;

struct Silence {
  const char* name;
  Stage stage;
  const char* stage_name;
  const char* when_silent;  // how the sentence begins
  const char* when_ended;
  bool asks = false;  // the host asks before it stops
};

constexpr const char* kHandshakeTimeout = "handshake-timeout";
constexpr const char* kSignInTimeout =
    "authenticate-timeout: 127.0.0.1 did not finish the sign-in within 2 s. | Try again";
constexpr const char* kShellTimeout =
    "shell-timeout: 127.0.0.1 did not start a shell within 2 s. | Try again";
constexpr const char* kHandshakeFailed =
    "handshake-failed: The SSH handshake with 127.0.0.1 failed";
constexpr const char* kClosed = "host-closed: The host closed the connection.";

class SilentHosts : public GatewayTest, public ::testing::WithParamInterface<Silence> {
 protected:
  static Script script() {
    Script script;
    script.interactive_after = GetParam().asks;
    if (GetParam().asks) script.rounds = {{"", "", {{"Code: ", true, "1"}}}};
    return script;
  }
  std::string failure_of(ScriptedSshServer& server) {
    auto browser = connect();
    browser.send(open_frame(server.port(), password("right horse")));
    auto words = told(browser.expect("error"));
    EXPECT_EQ(browser.close_code(), 4014u);
    return words;
  }
};

TEST_P(SilentHosts, WhenItFallsSilentTheStageEndsAtItsDeadline) {
  // Only this stage's is short, so that it is the one that ends it.
  const std::string stage = GetParam().stage_name;
  if (stage == "handshake") settings().handshake_timeout = 2s;
  if (stage == "authenticate") settings().authenticate_timeout = 2s;
  if (stage == "shell") settings().shell_timeout = 2s;
  start();
  auto stops = script();
  stops.silent_at = GetParam().stage;
  ScriptedSshServer server(stops);
  EXPECT_THAT(failure_of(server), StartsWith(stage + " " + GetParam().when_silent));
}

TEST_P(SilentHosts, WhenItHangsUpThatIsSaidAtOnce) {
  start();
  auto stops = script();
  stops.ends_at = GetParam().stage;
  ScriptedSshServer server(stops);
  EXPECT_THAT(failure_of(server),
              StartsWith(std::string(GetParam().stage_name) + " " + GetParam().when_ended));
}

INSTANTIATE_TEST_SUITE_P(
    AtEachStage, SilentHosts,
    ::testing::Values(Silence{"accept", Stage::kAccept, "handshake", kHandshakeTimeout,
                              kHandshakeFailed},
                      Silence{"identification", Stage::kIdentification, "handshake",
                              kHandshakeTimeout, kHandshakeFailed},
                      Silence{"key_exchange", Stage::kKeyExchange, "handshake", kHandshakeTimeout,
                              kHandshakeFailed},
                      Silence{"sign_in", Stage::kAuth, "authenticate", kSignInTimeout, kClosed},
                      Silence{"channel", Stage::kChannel, "shell", kShellTimeout, kClosed},
                      Silence{"terminal", Stage::kPty, "shell", kShellTimeout, kClosed},
                      Silence{"shell", Stage::kShell, "shell", kShellTimeout, kClosed}),
    [](const auto& tested) { return std::string(tested.param.name); });

class HostsThatAsk : public GatewayTest {
 protected:
  static Script asking(Stage silent, Stage ends) {
    return {.silent_at = silent,
            .ends_at = ends,
            .offers_password = false,
            .offers_interactive = true,
            .rounds = {{"", "", {{"Code: ", true, "1"}}}}};
  }
};

TEST_F(HostsThatAsk, AndDoNotTakeTheAnswerDidNotFinishTheSignIn) {
  settings().authenticate_timeout = 2s;
  start();
  ScriptedSshServer server(asking(Stage::kPrompt, Stage::kNever));
  auto browser = connect();
  browser.send(open_frame(server.port(), interactive()));
  const auto prompt = browser.expect("prompt");
  browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"values", {"1"}}});
  EXPECT_THAT(told(browser.expect("error")),
              StartsWith(std::string("authenticate ") + kSignInTimeout));
  EXPECT_EQ(browser.close_code(), 4014u);
}

TEST_F(HostsThatAsk, AndHangUpClosedTheConnection) {
  start();
  ScriptedSshServer server(asking(Stage::kNever, Stage::kPrompt));
  auto browser = connect();
  browser.send(open_frame(server.port(), interactive()));
  browser.expect("prompt");
  EXPECT_THAT(told(browser.expect("error")), StartsWith(std::string("authenticate ") + kClosed));
  EXPECT_EQ(browser.close_code(), 4014u);
}

TEST_F(HostsThatAsk, AreNotAnsweredForEver) {
  settings().prompt_timeout = 1s;
  settings().authenticate_timeout = 60s;
  start();
  ScriptedSshServer server(asking(Stage::kNever, Stage::kNever));
  auto browser = connect();
  browser.send(open_frame(server.port(), interactive()));
  browser.expect("prompt");
  EXPECT_EQ(told(browser.expect("error")),
            "authenticate prompt-timeout: The question was not answered within 1 s. | Connect "
            "again.");
  EXPECT_EQ(browser.close_code(), 4008u);
}

TEST_F(HostsThatAsk, DoNotSpendTheSignInsTimeWhileTheUserThinks) {
  settings().authenticate_timeout = 2s;
  start();
  ScriptedSshServer server(asking(Stage::kNever, Stage::kNever));
  auto browser = connect();
  browser.send(open_frame(server.port(), interactive()));
  const auto prompt = browser.expect("prompt");
  EXPECT_TRUE(browser.read_for(3s));  // the user looks for the phone
  browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"values", {"1"}}});
  browser.expect("opened");
}

TEST_F(HostsThatAsk, MillionsOfQuestionsAreEndedAtTheLimit) {
  start();
  Script endless = asking(Stage::kNever, Stage::kNever);
  endless.rounds.assign(1000, {"", "", {{"Again? ", true, "y"}}});
  ScriptedSshServer server(endless);
  auto browser = connect();
  browser.send(open_frame(server.port(), interactive()));
  constexpr int kLimit = 20;
  for (int i = 0; i < kLimit; ++i) {
    const auto prompt = browser.expect("prompt");
    browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"values", {"y"}}});
  }
  EXPECT_EQ(told(browser.expect("error")),
            "authenticate too-many-prompts: 127.0.0.1 asked more than 20 questions. | The host's "
            "sign-in does not come to an end: ask its administrator.");
}

}  // namespace
}  // namespace sallyport::support
