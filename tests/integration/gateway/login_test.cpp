// From the first frame to a shell: every way to sign in.
#include <gmock/gmock.h>

#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Login : public GatewayTest {
 protected:
  // Through to the shell and back, so that it is one.
  static void expect_echo(WebSocketClient& browser) {
    const auto seq = browser.type("echo of a typed line\n");
    browser.expect_output("echo of a typed line");
    browser.wait_until([&] { return browser.accepted() == seq; }, "accepted");
  }
  static Json answer(const Json& prompt, std::initializer_list<const char*> values) {
    return {{"type", "answer"}, {"prompt", prompt.at("id")}, {"values", values}};
  }
};

TEST_F(Login, APasswordOpensAShellThatEchoesWhatIsTyped) {
  start();
  ScriptedSshServer server;
  auto browser = connect();
  browser.send(open_frame(server.port(), password("right horse")));
  const auto opened = browser.expect("opened");
  EXPECT_EQ(opened.at("host"), "127.0.0.1");
  EXPECT_EQ(opened.at("port"), server.port());
  EXPECT_EQ(opened.at("username"), "ana");
  EXPECT_GE(opened.at("session").get<std::string>().size(), 16u);
  EXPECT_GE(opened.at("token").get<std::string>().size(), 43u);  // 256 bits in base64
  EXPECT_THAT(opened.at("algorithms").at("kex").get<std::string>(), Not(StartsWith("diffie")));
  EXPECT_EQ(opened.at("algorithms").at("hostkey"), "ssh-ed25519");
  EXPECT_THAT(browser.stages(), ElementsAre("policy", "resolve", "connect", "handshake", "hostkey",
                                            "authenticate", "shell"));
  expect_echo(browser);
  EXPECT_EQ(gateway().sessions(), 1u);
  for (const auto& text : browser.texts()) EXPECT_THAT(text, Not(HasSubstr("right horse")));
}

TEST_F(Login, AKeyOpensAShell) {
  start();
  const OpenSshServer server;
  auto browser = open(open_frame(server.port(), key(server.key()), {{"username", server.user()}}));
  browser.type("echo 1''2''3\n");
  browser.expect_output("123");
}

TEST_F(Login, AKeyWithAPassphraseOpensAShell) {
  start();
  const TemporaryFolder folder;
  const auto pair = make_key(folder.path(), "locked", {.passphrase = "open sesame"});
  const OpenSshServer server({.authorized_keys = {pair.public_line}});
  auto browser =
      open(open_frame(server.port(), key(pair, "open sesame"), {{"username", server.user()}}));
  browser.type("echo 1''2''3\n");
  browser.expect_output("123");
}

TEST_F(Login, TwoRoundsOfQuestionsAreAskedInThePage) {
  start();
  ScriptedSshServer server(
      {.offers_password = false,
       .offers_interactive = true,
       .rounds = {{"Sign in", "Who are you?", {{"Password: ", false, "sesame"}}},
                  {"Second factor",
                   "Look at your phone.",
                   {{"Code: ", true, "123456"}, {"PIN: ", false, "99"}}}}});
  auto browser = connect();
  browser.send(open_frame(server.port(), interactive()));

  const auto first = browser.expect("prompt");
  EXPECT_EQ(first.at("kind"), "questions");
  EXPECT_EQ(first.at("name"), "Sign in");
  EXPECT_EQ(first.at("instruction"), "Who are you?");
  EXPECT_EQ(first.at("questions"), Json::array({{{"text", "Password: "}, {"echo", false}}}));
  browser.send(answer(first, {"sesame"}));

  const auto second = browser.expect("prompt");
  EXPECT_EQ(second.at("name"), "Second factor");
  EXPECT_GT(second.at("id"), first.at("id"));
  EXPECT_EQ(second.at("questions"), Json::array({{{"text", "Code: "}, {"echo", true}},
                                                 {{"text", "PIN: "}, {"echo", false}}}));
  browser.send(answer(second, {"123456", "99"}));

  browser.expect("opened");
  expect_echo(browser);
}

TEST_F(Login, AfterThePasswordTheHostMayAskForACode) {
  start();
  ScriptedSshServer server(
      {.interactive_after = true, .rounds = {{"", "", {{"Verification code: ", true, "424242"}}}}});
  auto browser = connect();
  browser.send(open_frame(server.port(), password("right horse")));
  const auto prompt = browser.expect("prompt");
  browser.send(answer(prompt, {"424242"}));
  browser.expect("opened");
  expect_echo(browser);
}

TEST_F(Login, AnAnswerThatDoesNotFitThePromptIsABadFrame) {
  start();
  ScriptedSshServer server({.offers_password = false,
                            .offers_interactive = true,
                            .rounds = {{"", "", {{"Code: ", true, "1"}}}}});
  for (const auto& wrong :
       {Json{{"accept", true}}, Json{{"values", {"1", "2"}}}, Json{{"values", Json::array()}}}) {
    SCOPED_TRACE(wrong.dump());
    auto browser = connect();
    browser.send(open_frame(server.port(), interactive()));
    Json reply{{"type", "answer"}, {"prompt", browser.expect("prompt").at("id")}};
    reply.update(wrong);
    browser.send(reply);
    EXPECT_EQ(told(browser.expect("error")),
              "running bad-frame: The gateway did not understand the page: answer: it does not fit "
              "the prompt. | Reload the page.");
    EXPECT_EQ(browser.close_code(), 4000u);
  }
}

TEST_F(Login, AnAnswerToAnotherPromptIsPassedOver) {
  start();
  ScriptedSshServer server({.offers_password = false,
                            .offers_interactive = true,
                            .rounds = {{"", "", {{"Code: ", true, "1"}}}}});
  auto browser = connect();
  browser.send(open_frame(server.port(), interactive()));
  const auto prompt = browser.expect("prompt");
  browser.send({{"type", "answer"}, {"prompt", 4711}, {"values", {"late"}}});
  browser.send(answer(prompt, {"1"}));
  browser.expect("opened");
}

TEST_F(Login, APresetWithAnIdentityOpensByItsNameAlone) {
  const OpenSshServer server;
  settings().hosts = {{"demo", server.host(), server.port(), server.user(), server.key().file}};
  start();
  auto browser = open({{"type", "open"}, {"preset", "demo"}, {"cols", 80}, {"rows", 24}});
  browser.type("echo 1''2''3\n");
  browser.expect_output("123");
}

TEST_F(Login, APresetWithoutAnIdentityTakesThePageCredentials) {
  ScriptedSshServer server;
  settings().hosts = {{"db 3", server.host(), server.port(), "ana", {}}};
  // Nothing else may be dialled: that the administrator named it is what allows it.
  settings().targets.allow = {*policy::Rule::parse("10.0.0.0/8")};
  start();
  auto browser = open({{"type", "open"},
                       {"preset", "db 3"},
                       {"auth", password("right horse")},
                       {"cols", 80},
                       {"rows", 24}});
  expect_echo(browser);
}

TEST_F(Login, ClosingThePageEndsTheShellAndItsConnection) {
  start();
  ScriptedSshServer server;
  auto browser = open(open_frame(server.port(), password("right horse")));
  browser.hang_up();
  EXPECT_EQ(browser.close_code(), 1000u);
  EXPECT_TRUE(eventually([this] { return gateway().sessions() == 0; }));
}

}  // namespace
}  // namespace sallyport::support
