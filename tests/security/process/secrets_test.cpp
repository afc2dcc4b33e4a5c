// Every way a login can end, and then a search for what was secret in it.
#include <gmock/gmock.h>

#include <string>

#include "security/process/secrets_sweep.h"
#include "support/dropbear_server.h"
#include "support/openssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;
using Stage = Script::Stage;

class Promise04Secrets : public SecretsSweep {};

// The search can fail: what a login that is under way must hold is found by it.
TEST_F(Promise04Secrets, AreFoundBySuchASearchWhileTheyAreNeeded) {
  const auto password = secret_word("password");
  auto script = takes(password);
  script.silent_at = Stage::kKeyExchange;  // so it waits to be sent
  ScriptedSshServer host(script);
  auto browser = open(host.port(), with_password(password));
  browser.wait_until(
      [&] { return !browser.stages().empty() && browser.stages().back() == "handshake"; },
      "the handshake");
  EXPECT_THAT(in_memory(), HasSubstr("password at "));
  browser.drop();
}

TEST_F(Promise04Secrets, ARightPassword) {
  const auto password = secret_word("password");
  ScriptedSshServer host(takes(password));
  auto browser = open(host.port(), with_password(password));
  browser.expect("opened");
  remember(browser);
  expect_nowhere("while the session runs");
  browser.hang_up();
  read_to_the_end(browser);
}

TEST_F(Promise04Secrets, AWrongPassword) {
  const auto password = secret_word("wrong password");
  ScriptedSshServer host;
  auto browser = open(host.port(), with_password(password));
  browser.expect("error");
  read_to_the_end(browser);
}

TEST_F(Promise04Secrets, KeysOfEveryKind) {
  for (const KeyWish& wish :
       {key_of_type("ed25519"), key_of_type("ecdsa"), KeyWish{.type = "rsa", .bits = 2048},
        KeyWish{.type = "rsa", .bits = 2048, .format = "PEM"},
        KeyWish{.type = "ecdsa", .bits = 256, .format = "PKCS8"}}) {
    SCOPED_TRACE(wish.type + " " + wish.format);
    const auto key = secret_key(wish);
    const OpenSshServer host({.authorized_keys = {key.public_line}});
    auto browser = open(host.port(), with_key(key), {{"username", host.user()}});
    browser.expect("opened");
    remember(browser);
    expect_nowhere("while the session runs");
    browser.hang_up();
    read_to_the_end(browser);
  }
}

TEST_F(Promise04Secrets, AKeyThatTheHostDoesNotTake) {
  const auto key = secret_key(key_of_type("ed25519"));
  const OpenSshServer host;
  auto browser = open(host.port(), with_key(key), {{"username", host.user()}});
  browser.expect("error");
  read_to_the_end(browser);
}

TEST_F(Promise04Secrets, ARightPassphrase) {
  const auto passphrase = secret_word("passphrase");
  for (const KeyWish& wish : {key_of_type("ed25519"), KeyWish{.type = "rsa", .bits = 2048},
                              KeyWish{.type = "rsa", .bits = 2048, .format = "PEM"}}) {
    SCOPED_TRACE(wish.type + " " + wish.format);
    const auto key = secret_key(wish, passphrase);
    const OpenSshServer host({.authorized_keys = {key.public_line}});
    auto browser = open(host.port(), with_key(key, passphrase), {{"username", host.user()}});
    browser.expect("opened");
    remember(browser);
    expect_nowhere("while the session runs");
    browser.hang_up();
    read_to_the_end(browser);
  }
}

TEST_F(Promise04Secrets, AWrongOrMissingPassphrase) {
  const auto key = secret_key(key_of_type("ed25519"), secret_word("passphrase"));
  for (const auto& given : {secret_word("wrong passphrase"), std::string()}) {
    const OpenSshServer host({.authorized_keys = {key.public_line}});
    auto browser = open(host.port(), with_key(key, given), {{"username", host.user()}});
    browser.expect("error");
    read_to_the_end(browser);
  }
}

TEST_F(Promise04Secrets, RightAndWrongAnswers) {
  const auto one = secret_word("first answer");
  const auto two = secret_word("second answer");
  const auto wrong = secret_word("wrong answer");
  ScriptedSshServer host(asks(one, two));
  for (const auto& second : {two, wrong}) {
    auto browser = open(host.port(), {{"method", "interactive"}});
    answer(browser, browser.expect("prompt"), {one});
    answer(browser, browser.expect("prompt"), {second, "99"});
    if (second == two) {
      browser.expect("opened");
      remember(browser);
      expect_nowhere("while the session runs");
      browser.hang_up();
    } else {
      browser.wait_until([&] { return browser.has_event(); }, "the next question, or the end");
      browser.drop();
      remember(browser);
      continue;
    }
    read_to_the_end(browser);
  }
}

TEST_F(Promise04Secrets, APasswordThatAnswersAQuestion) {
  const auto password = secret_word("password");
  Script script = asks(password, "");
  script.rounds.resize(1);
  ScriptedSshServer host(script);
  auto browser = open(host.port(), with_password(password));
  browser.expect("opened");
  remember(browser);
  expect_nowhere("while the session runs");
  browser.hang_up();
  read_to_the_end(browser);
}

TEST_F(Promise04Secrets, APasswordThatIsAskedFor) {
  const auto password = secret_word("password");
  ScriptedSshServer host(takes(password));
  auto browser = open(host.port(), {{"method", "interactive"}});
  answer(browser, browser.expect("prompt"), {password});
  browser.expect("opened");
  browser.hang_up();
  read_to_the_end(browser);
}

TEST_F(Promise04Secrets, AQuestionThatIsNeverAnswered) {
  const auto password = secret_word("password");
  Script script = takes(password);
  script.interactive_after = true;
  script.rounds = {{"", "", {{"Code: ", true, "1"}}}};
  ScriptedSshServer host(script);
  auto browser = open(host.port(), with_password(password));
  browser.expect("prompt");
  expect_nowhere("while the question is open");
  browser.expect("error");
  read_to_the_end(browser);
}

TEST_F(Promise04Secrets, AHostWhoseKeyHasChanged) {
  const auto password = secret_word("password");
  ScriptedSshServer host(takes(password));
  const TemporaryFolder folder;
  const auto other = make_key(folder.path(), "other");
  write_file(gateway().known_hosts(),
             "[127.0.0.1]:" + std::to_string(host.port()) + " " + other.public_line);
  auto browser = open(host.port(), with_password(password));
  EXPECT_EQ(browser.expect("error").at("code"), "host-key-changed");
  read_to_the_end(browser);
  EXPECT_EQ(host.auth_requests(), 0);
}

TEST_F(Promise04Secrets, HostsThatAreNotReached) {
  for (const Json& changes : {Json{{"host", "no-such-host.invalid"}}, Json{{"port", 1}},
                              Json{{"host", "169.254.169.254"}}}) {
    auto browser = open(22, with_password(secret_word("password")), changes);
    browser.expect("error");
    read_to_the_end(browser);
  }
  auto browser = gateway().connect();
  send_plain(browser, {{"type", "open"},
                       {"preset", "no such preset"},
                       {"auth", with_password(secret_word("password"))},
                       {"cols", 80},
                       {"rows", 24}});
  browser.expect("error");
  read_to_the_end(browser);
}

TEST_F(Promise04Secrets, FramesThatAreRefused) {
  const auto good = [this] {
    return RealGateway::open_frame(22, with_password(secret_word("password"))).dump();
  };
  constexpr unsigned kText = 1, kBinary = 2;
  const std::string cut = good();
  Json wrong_type = RealGateway::open_frame(22, with_password(secret_word("password")));
  wrong_type["type"] = "input";
  Json long_password =
      RealGateway::open_frame(22, with_password(secret_word("password") + std::string(5000, 'x')));
  Json too_long = RealGateway::open_frame(22, with_password(secret_word("password")));
  too_long["filler"] = std::string(70'000, 'x');
  const std::string twice = good();
  for (const auto& bytes :
       {WebSocketClient::frame_bytes(kText, true, cut.substr(0, cut.size() - 1)),
        WebSocketClient::frame_bytes(kText, true, wrong_type.dump()),
        WebSocketClient::frame_bytes(kText, true, long_password.dump()),
        WebSocketClient::frame_bytes(kText, true, too_long.dump()),
        WebSocketClient::frame_bytes(kBinary, true, good()),
        WebSocketClient::frame_bytes(kText, true, twice + twice)}) {
    auto browser = gateway().connect();
    browser.send_raw(bytes);
    browser.expect("error");
    read_to_the_end(browser);
  }
  // Half a frame, and then nothing.
  auto browser = gateway().connect();
  const auto whole = WebSocketClient::frame_bytes(kText, true, good());
  browser.send_raw(whole.substr(0, whole.size() - 20));
  browser.drop();
}

TEST_F(Promise04Secrets, ATokenThatOpensNothing) {
  auto browser = gateway().connect();
  send_plain(browser, {{"type", "attach"},
                       {"session", "no-such-session-0000"},
                       {"token", secret_word("token")},
                       {"received", 0},
                       {"cols", 80},
                       {"rows", 24}});
  browser.expect("error");
  read_to_the_end(browser);
}

// While its session runs it must be known; afterwards it opens nothing and is nowhere.
TEST_F(Promise04Secrets, TheTokensOfASessionThatIsOver) {
  ScriptedSshServer host;
  auto browser = open(host.port(), with_password("right horse"), {{"username", "ana"}});
  const auto opened = browser.expect("opened");
  const std::vector<Marker> tokens{{"token", {opened.at("token").get<std::string>()}},
                                   {"watch token", {opened.at("watch").get<std::string>()}}};
  EXPECT_THAT(found_in_memory(gateway().pid(), tokens), HasSubstr("token at "));
  browser.hang_up();
  browser.close_code();
  gateway().wait_until_idle();
  EXPECT_EQ(found_in_memory(gateway().pid(), tokens), "");
  EXPECT_EQ(found_in(gateway().process().error(), tokens), "");
}

// Not a login's secret, but typed all the same: a password at a prompt of the shell, which the host
// does not echo.
TEST_F(Promise04Secrets, APasswordTypedIntoTheShell) {
  // A shell that is there when its prompt is: one that starts up throws away what was typed before.
  const OpenSshServer host({.config = {"ForceCommand exec /bin/sh", "SetEnv SHLVL=2 ENV="}});
  const KeyPair key = host.key();
  auto browser = open(host.port(), with_key(key), {{"username", host.user()}});
  browser.expect("opened");
  browser.wait_until([&] { return browser.output_end() > 0; }, "the prompt");
  // The short one fits into a string without memory of its own.
  const auto typed = secret_word("typed password");
  const auto brief = secret_word("short typed password").substr(0, 16);
  std::uint64_t number = 0;
  for (const auto& word : {typed, brief}) {
    send_plain(browser, {{"type", "input"},
                         {"seq", ++number},
                         {"data", "stty -echo; echo re''ady; read line; echo ta''ken ${#line}\n"}});
    browser.expect_output("ready");
    send_plain(browser, {{"type", "input"}, {"seq", ++number}, {"data", word}});
    send_plain(browser, {{"type", "input"}, {"seq", ++number}, {"data", "\n"}});
    browser.expect_output("taken " + std::to_string(word.size()));
    expect_nowhere("when the host has taken it");
  }
  browser.hang_up();
  read_to_the_end(browser);
}

class Promise04SecretsInJson : public Promise04Secrets {
 protected:
  std::vector<std::string> flags() const override { return {"--log-format=json"}; }
};

TEST_F(Promise04SecretsInJson, LogLinesHoldNoneEither) {
  const auto password = secret_word("password");
  ScriptedSshServer host(takes(password));
  for (const auto& given : {password, secret_word("wrong password")}) {
    auto browser = open(host.port(), with_password(given));
    if (given == password) {
      browser.expect("opened");
      browser.hang_up();
    } else {
      browser.expect("error");
    }
    read_to_the_end(browser);
  }
}

}  // namespace
}  // namespace sallyport::support
