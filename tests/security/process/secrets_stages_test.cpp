// The same search after logins that stop, or are cut, at each stage.
#include <string>

#include "security/process/secrets_sweep.h"

namespace sallyport::support {
namespace {

using Stage = Script::Stage;

class Promise04SecretsAtEachStage : public SecretsSweep {};

constexpr Stage kStages[] = {Stage::kAccept, Stage::kIdentification, Stage::kKeyExchange,
                             Stage::kAuth,   Stage::kChannel,        Stage::kPty,
                             Stage::kShell};

TEST_F(Promise04SecretsAtEachStage, AHostThatFallsSilentAtEachStage) {
  for (const Stage stage : kStages) {
    Script script = takes(secret_word("password"));
    script.silent_at = stage;
    ScriptedSshServer host(script);
    auto browser = open(host.port(), with_password(script.password));
    browser.expect("error");
    read_to_the_end(browser);
  }
}

TEST_F(Promise04SecretsAtEachStage, AHostThatCrashesAtEachStage) {
  for (const bool resets : {false, true}) {
    for (const Stage stage : kStages) {
      Script script = takes(secret_word("password"));
      script.ends_at = stage;
      script.resets = resets;
      ScriptedSshServer host(script);
      auto browser = open(host.port(), with_password(script.password));
      browser.expect("error");
      read_to_the_end(browser);
    }
  }
}

TEST_F(Promise04SecretsAtEachStage, ABrowserThatIsGoneAtEachStage) {
  for (const Stage stage : kStages) {
    Script script = takes(secret_word("password"));
    script.silent_at = stage;
    ScriptedSshServer host(script);
    auto browser = open(host.port(), with_password(script.password));
    ASSERT_TRUE(host.wait_until_stopped());
    remember(browser);
    browser.drop();
  }
}

TEST_F(Promise04SecretsAtEachStage, AnAnswerThatTheHostNeverTakes) {
  for (const bool crashes : {false, true}) {
    const auto code = secret_word("answer");
    Script script = asks(code, "");
    script.rounds.resize(1);
    (crashes ? script.ends_at : script.silent_at) = Stage::kPrompt;
    ScriptedSshServer host(script);
    auto browser = open(host.port(), {{"method", "interactive"}});
    const auto prompt = browser.expect("prompt");
    if (!crashes) answer(browser, prompt, {code});
    browser.expect("error");
    read_to_the_end(browser);
  }
}

}  // namespace
}  // namespace sallyport::support
