// What a host may ask during a login, and what a hostile one might.
#include <gtest/gtest.h>

#include "login_client.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::ssh {
namespace {

using support::Script;
using support::ScriptedSshServer;
using Question = Script::Question;
using Round = Script::Round;
using std::chrono::milliseconds;

LoginClient::Host host_of(const ScriptedSshServer& server) {
  return {server.host(), server.port(), "ana"};
}

Script asks(std::vector<Round> rounds) {
  Script script;
  script.offers_password = false;
  script.offers_interactive = true;
  script.rounds = std::move(rounds);
  return script;
}

std::string words(const std::optional<base::Failure>& failure) {
  return failure ? failure->message + " " + failure->hint : "signed in";
}

TEST(Prompts, OneQuestion) {
  ScriptedSshServer server(asks({{"A name", "An instruction", {{"Code: ", true, "123"}}}}));
  LoginClient client(host_of(server));
  client.answers = {{"123"}};
  EXPECT_EQ(words(client.log_in(interactive())), "signed in");
  ASSERT_EQ(client.prompts.size(), 1U);
  EXPECT_EQ(client.prompts[0].name, "A name");
  EXPECT_EQ(client.prompts[0].instruction, "An instruction");
  ASSERT_EQ(client.prompts[0].questions.size(), 1U);
  EXPECT_EQ(client.prompts[0].questions[0].text, "Code: ");
  EXPECT_TRUE(client.prompts[0].questions[0].echo);
  client.shell().write("after it\n");
  EXPECT_TRUE(client.read_until_contains("after it\n"));
}

TEST(Prompts, TwoRoundsOfSeveral) {
  ScriptedSshServer server(asks({{"", "", {{"First: ", true, "a"}, {"Second: ", false, "b"}}},
                                 {"", "", {{"Third: ", false, ""}}}}));
  LoginClient client(host_of(server));
  client.answers = {{"a", "b"}, {""}};
  EXPECT_EQ(words(client.log_in(interactive())), "signed in");
  EXPECT_EQ(client.prompts.size(), 2U);
}

TEST(Prompts, TheGivenPasswordAnswersTheFirstHiddenQuestionAndNoOther) {
  ScriptedSshServer server(asks({{"", "", {{"Password: ", false, "right horse"}}},
                                 {"", "", {{"One-time code: ", false, "000111"}}}}));
  LoginClient client(host_of(server));
  client.answers = {{"000111"}};
  EXPECT_EQ(words(client.log_in(password("right horse"))), "signed in");
  ASSERT_EQ(client.prompts.size(), 1U);
  EXPECT_EQ(client.prompts[0].questions[0].text, "One-time code: ");
}

TEST(Prompts, AfterAPasswordOrAKeyTheHostMayAskMore) {
  for (const bool by_key : {false, true}) {
    Script script = asks({{"", "", {{"One-time code: ", true, "000111"}}}});
    script.offers_password = !by_key;
    script.offers_publickey = by_key;
    script.offers_interactive = false;
    script.interactive_after = true;
    ScriptedSshServer server(script);
    const support::TemporaryFolder folder;
    LoginClient client(host_of(server));
    client.answers = {{"000111"}};
    EXPECT_EQ(words(client.log_in(by_key ? key(support::make_key(folder.path(), "k").private_key)
                                         : password("right horse"))),
              "signed in");
    EXPECT_EQ(client.prompts.size(), 1U);
  }
}

TEST(Prompts, WrongAnswersAreNotAccepted) {
  ScriptedSshServer server(asks({{"", "", {{"Code: ", true, "123"}}}}));
  LoginClient client(host_of(server));
  client.answers = {{"321"}};
  EXPECT_EQ(words(client.log_in(interactive())),
            words(base::failure::not_accepted(
                "127.0.0.1", "ana", base::failure::Credential::kAnswers, "keyboard-interactive")));
}

TEST(Prompts, WhereOnlyAPasswordIsTakenItIsAskedFor) {
  ScriptedSshServer server;
  LoginClient client(host_of(server));
  client.answers = {{"right horse"}};
  EXPECT_EQ(words(client.log_in(interactive())), "signed in");
  ASSERT_EQ(client.prompts.size(), 1U);
  EXPECT_EQ(client.prompts[0].questions[0].text, "ana@127.0.0.1's password: ");
  EXPECT_FALSE(client.prompts[0].questions[0].echo);
}

TEST(Prompts, TwentyQuestionsAreAskedAndTwentyOneAreNot) {
  std::vector<Question> twenty(20, Question{"Q: ", true, "x"});
  {
    ScriptedSshServer server(asks({{"", "", twenty}}));
    LoginClient client(host_of(server));
    client.answers = {std::vector<std::string>(20, "x")};
    EXPECT_EQ(words(client.log_in(interactive())), "signed in");
  }
  twenty.push_back({"Q: ", true, "x"});
  ScriptedSshServer server(asks({{"", "", twenty}}));
  LoginClient client(host_of(server));
  EXPECT_EQ(words(client.log_in(interactive())),
            words(base::failure::too_many_prompts("127.0.0.1", 20)));
  EXPECT_TRUE(client.prompts.empty());
}

TEST(Prompts, AHundredAndMoreQuestions) {
  ScriptedSshServer server(
      asks({{"", "", std::vector<Question>(150, Question{"Q: ", true, "x"})}}));
  LoginClient client(host_of(server));
  EXPECT_EQ(words(client.log_in(interactive())),
            words(base::failure::too_many_prompts("127.0.0.1", 20)));
}

TEST(Prompts, RoundsWithoutEndAreEnded) {
  ScriptedSshServer server(asks(std::vector<Round>(50, Round{"", "", {{"Again: ", true, "x"}}})));
  LoginClient client(host_of(server));
  client.answers.assign(50, {"x"});
  EXPECT_EQ(words(client.log_in(interactive())),
            words(base::failure::too_many_prompts("127.0.0.1", 20)));
  EXPECT_EQ(client.prompts.size(), 20U);
}

TEST(Prompts, ARoundWithoutQuestions) {
  ScriptedSshServer server(asks(
      {{"", "", {}}, {"", "Your password expires soon.", {}}, {"", "", {{"Code: ", true, "1"}}}}));
  LoginClient client(host_of(server));
  client.answers = {{}, {"1"}};
  EXPECT_EQ(words(client.log_in(interactive())), "signed in");
  ASSERT_EQ(client.prompts.size(),
            2U);  // one that says nothing and asks nothing is answered at once
  EXPECT_EQ(client.prompts[0].instruction, "Your password expires soon.");
}

TEST(Prompts, HostileTextIsMadeHarmlessAndShort) {
  ScriptedSshServer server(
      asks({{"na\x1b[2Jme", "in\rstruct\x07", {{std::string(30'000, 'q'), true, "x"}}}}));
  LoginClient client(host_of(server));
  client.answers = {{"x"}};
  EXPECT_EQ(words(client.log_in(interactive())), "signed in");
  ASSERT_EQ(client.prompts.size(), 1U);
  EXPECT_EQ(client.prompts[0].name.find('\x1b'), std::string::npos);
  EXPECT_EQ(client.prompts[0].instruction.find('\x07'), std::string::npos);
  EXPECT_LE(client.prompts[0].questions[0].text.size(), 1024U);
}

TEST(Prompts, TheTimeAPersonTakesIsNotTheHosts) {
  ScriptedSshServer server(
      asks({{"", "", {{"Code: ", true, "1"}}}, {"", "", {{"Code: ", true, "2"}}}}));
  LoginClient client(host_of(server));
  client.timeouts.authenticate = milliseconds(600);
  client.thinks = milliseconds(500);
  client.answers = {{"1"}, {"2"}};
  EXPECT_EQ(words(client.log_in(interactive())), "signed in");
}

TEST(Prompts, AHostThatHangsUpDuringAPromptIsNoticed) {
  Script script = asks({{"", "", {{"Code: ", true, "1"}}}});
  script.ends_at = Script::Stage::kPrompt;
  ScriptedSshServer server(script);
  LoginClient client(host_of(server));  // nobody answers
  const auto failure = client.log_in(interactive());
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, "host-closed");
  EXPECT_EQ(failure->stage, base::Stage::kAuthenticate);
  ASSERT_TRUE(client.given_up);
  EXPECT_EQ(client.given_up->code, "host-closed");
}

TEST(Prompts, ALinkThatGoesDuringAPromptLetsGoOfEverything) {
  // The fiber has libssh2's frames on its stack; a sanitizer would see what is left behind.
  ScriptedSshServer server(asks({{"", "", {{"Code: ", true, "1"}}}}));
  LoginClient client(host_of(server));
  client.on_prompt = [&] { client.later(milliseconds(50), [&] { client.link().close(); }); };
  const auto failure = client.log_in(interactive());
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, "host-closed");
}

}  // namespace
}  // namespace sallyport::ssh
