// Promise 3: no byte of the sign-in goes to a host whose key was not accepted; a changed key is a
// hard stop. The host counts what it is told behind the key exchange.
#include <gtest/gtest.h>

#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using Json = WebSocketClient::Json;

class Promise03HostKeyBeforeSignIn : public GatewayTest {
 protected:
  Promise03HostKeyBeforeSignIn() : host_(any_method()), key_(make_key(folder_.path(), "user")) {
    settings().host_keys = ssh::HostKeyPolicy::kAsk;
  }
  static Script any_method() {
    Script script;
    script.offers_publickey = script.offers_interactive = true;
    return script;
  }
  // Every way to sign in: what holds must hold for each.
  std::vector<Json> ways() const { return {password("right horse"), key(key_), interactive()}; }
  void write_known_host(const std::string& marker, const KeyPair& pair) const {
    write_file(known_hosts(),
               marker + "[127.0.0.1]:" + std::to_string(host_.port()) + " " + pair.public_line);
  }
  // The code of the failure that a login ends with.
  std::string outcome(const Json& way) {
    auto browser = connect();
    browser.send(open_frame(host_.port(), way));
    return browser.expect("error").at("code");
  }
  void expect_nothing_was_told() {
    EXPECT_TRUE(eventually([this] { return host_.served() == host_.connections(); }));
    EXPECT_GT(host_.connections(), 0);
    EXPECT_EQ(host_.messages(), 0);
    EXPECT_EQ(host_.auth_requests(), 0);
  }

  TemporaryFolder folder_;
  ScriptedSshServer host_;
  KeyPair key_;
};

TEST_F(Promise03HostKeyBeforeSignIn, AnAcceptedKeyIsWhatTheCountersSee) {
  start();
  open(open_frame(host_.port(), password("right horse"))).hang_up();
  EXPECT_GT(host_.messages(), 0);
  EXPECT_GT(host_.auth_requests(), 0);
}

TEST_F(Promise03HostKeyBeforeSignIn, NothingWhileTheUserThinksNorWhenTheUserDeclines) {
  start();
  for (const Json& way : ways()) {
    auto browser = connect();
    browser.send(open_frame(host_.port(), way));
    const auto prompt = browser.expect("prompt");
    EXPECT_EQ(host_.messages(), 0);
    browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"accept", false}});
    EXPECT_EQ(browser.expect("error").at("code"), "host-key-declined");
  }
  expect_nothing_was_told();
}

TEST_F(Promise03HostKeyBeforeSignIn, NothingWhenTheBrowserLeavesDuringTheQuestion) {
  start();
  for (const Json& way : ways()) {
    auto browser = connect();
    browser.send(open_frame(host_.port(), way));
    browser.expect("prompt");
    browser.reset();
  }
  expect_nothing_was_told();
}

TEST_F(Promise03HostKeyBeforeSignIn, NothingWhenTheQuestionRunsIntoItsLimit) {
  settings().prompt_timeout = std::chrono::milliseconds(300);
  start();
  auto browser = connect();
  browser.send(open_frame(host_.port(), password("right horse")));
  browser.expect("prompt");
  EXPECT_EQ(browser.expect("error").at("code"), "prompt-timeout");
  expect_nothing_was_told();
}

TEST_F(Promise03HostKeyBeforeSignIn, NothingToAnUnknownHostWhereOnlyKnownOnesWillDo) {
  settings().host_keys = ssh::HostKeyPolicy::kStrict;
  start();
  for (const Json& way : ways()) EXPECT_EQ(outcome(way), "host-key-unknown");
  expect_nothing_was_told();
}

TEST_F(Promise03HostKeyBeforeSignIn, AChangedKeyIsAHardStopWhateverIsConfigured) {
  const KeyPair former = make_key(folder_.path(), "former");
  const KeyPair other_type = make_key(folder_.path(), "other_type", key_of_type("ecdsa"));
  for (const auto policy :
       {ssh::HostKeyPolicy::kAsk, ssh::HostKeyPolicy::kStrict, ssh::HostKeyPolicy::kAcceptNew}) {
    settings().host_keys = policy;
    start();
    for (const KeyPair& on_file : {former, other_type}) {
      write_known_host("", on_file);
      for (const Json& way : ways()) EXPECT_EQ(outcome(way), "host-key-changed");
    }
    expect_all_gone();
    stop();
  }
  expect_nothing_was_told();
}

TEST_F(Promise03HostKeyBeforeSignIn, ARevokedKeyIsAHardStopToo) {
  settings().host_keys = ssh::HostKeyPolicy::kAcceptNew;
  start();
  write_known_host("@revoked ", host_.host_key());
  for (const Json& way : ways()) EXPECT_EQ(outcome(way), "host-key-revoked");
  expect_nothing_was_told();
}

TEST_F(Promise03HostKeyBeforeSignIn, NothingWhenTheFileOfKnownHostsCannotBeRead) {
  std::filesystem::create_directories(known_hosts());  // a folder in its place
  start();
  for (const Json& way : ways()) EXPECT_EQ(outcome(way), "host-keys-unreadable");
  EXPECT_EQ(host_.messages(), 0);
}

}  // namespace
}  // namespace sallyport::support
