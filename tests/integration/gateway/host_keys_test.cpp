// Which host keys are taken, what is remembered, and that nothing of the user's goes to any other.
#include <gmock/gmock.h>

#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class HostKeys : public GatewayTest {
 protected:
  static std::string fingerprint(const KeyPair& pair) {
    // "256 SHA256:... comment (ED25519)"
    const auto line = run_program({"ssh-keygen", "-l", "-f", pair.file.string() + ".pub"});
    const auto from = line.find("SHA256:");
    return line.substr(from, line.find(' ', from) - from);
  }
  // The known_hosts line for this key (sshd(8)): the name and the public key without its comment.
  static std::string known_line(unsigned port, const KeyPair& pair) {
    const auto& line = pair.public_line;
    return "[127.0.0.1]:" + std::to_string(port) + " " +
           line.substr(0, line.find(' ', line.find(' ') + 1));
  }
  std::string file() { return read_file(known_hosts()); }
  Json frame() { return open_frame(server_.port(), password("right horse")); }
  static Json answer(const Json& prompt, bool accept) {
    return {{"type", "answer"}, {"prompt", prompt.at("id")}, {"accept", accept}};
  }
  ScriptedSshServer server_;
};

TEST_F(HostKeys, AnUnknownKeyIsAskedForThenRememberedThenNotAskedForAgain) {
  settings().host_keys = ssh::HostKeyPolicy::kAsk;
  start();
  auto first = connect();
  first.send(frame());
  const auto prompt = first.expect("prompt");
  EXPECT_EQ(prompt.at("kind"), "hostkey");
  EXPECT_EQ(prompt.at("host"), "127.0.0.1");
  EXPECT_EQ(prompt.at("port"), server_.port());
  EXPECT_EQ(prompt.at("algorithm"), "ssh-ed25519");
  EXPECT_EQ(prompt.at("fingerprint"), fingerprint(server_.host_key()));
  EXPECT_EQ(server_.auth_requests(), 0);
  first.send(answer(prompt, true));
  first.expect("opened");
  EXPECT_THAT(file(), HasSubstr(known_line(server_.port(), server_.host_key())));

  auto second = connect();
  second.send(frame());
  second.expect("opened");
}

TEST_F(HostKeys, ADeclinedKeyEndsTheLoginAndNothingIsSaved) {
  settings().host_keys = ssh::HostKeyPolicy::kAsk;
  start();
  auto browser = connect();
  browser.send(frame());
  browser.send(answer(browser.expect("prompt"), false));
  EXPECT_THAT(told(browser.expect("error")),
              StartsWith("hostkey host-key-declined: The host key of 127.0.0.1 was not accepted. | "
                         "Nothing was sent to the host."));
  EXPECT_EQ(browser.close_code(), 4014u);
  EXPECT_EQ(server_.auth_requests(), 0);
  EXPECT_FALSE(std::filesystem::exists(known_hosts()) && !file().empty());
}

TEST_F(HostKeys, AQuestionNobodyAnswersEndsTheLogin) {
  settings().host_keys = ssh::HostKeyPolicy::kAsk;
  settings().prompt_timeout = 1s;
  start();
  auto browser = connect();
  browser.send(frame());
  browser.expect("prompt");
  EXPECT_EQ(browser.expect("error").at("code"), "prompt-timeout");
  EXPECT_EQ(browser.close_code(), 4008u);
  EXPECT_EQ(server_.auth_requests(), 0);
}

TEST_F(HostKeys, StrictTakesOnlyWhatIsOnFile) {
  settings().host_keys = ssh::HostKeyPolicy::kStrict;
  start();
  auto browser = connect();
  browser.send(frame());
  EXPECT_THAT(told(browser.expect("error")),
              StartsWith("hostkey host-key-unknown: The host key of 127.0.0.1 is not known to this "
                         "gateway. | Received " +
                         fingerprint(server_.host_key()) + "."));
  EXPECT_EQ(browser.close_code(), 4014u);
  EXPECT_EQ(server_.auth_requests(), 0);

  // An operator's edit counts at once.
  write_file(known_hosts(), known_line(server_.port(), server_.host_key()) + "\n");
  auto again = connect();
  again.send(frame());
  again.expect("opened");
}

TEST_F(HostKeys, AcceptNewSavesWithoutAQuestion) {
  settings().host_keys = ssh::HostKeyPolicy::kAcceptNew;
  start();
  auto browser = connect();
  browser.send(frame());
  browser.expect("opened");
  EXPECT_THAT(file(), HasSubstr(known_line(server_.port(), server_.host_key())));
}

TEST_F(HostKeys, AChangedKeyIsAHardStopWhateverIsConfigured) {
  const TemporaryFolder folder;
  const auto old_key = make_key(folder.path(), "old");
  write_file(known_hosts(), known_line(server_.port(), old_key) + "\n");
  const auto before = file();
  for (const auto policy :
       {ssh::HostKeyPolicy::kAsk, ssh::HostKeyPolicy::kStrict, ssh::HostKeyPolicy::kAcceptNew}) {
    SCOPED_TRACE(static_cast<int>(policy));
    settings().host_keys = policy;
    start();
    auto browser = connect();
    browser.send(frame());
    const auto error = browser.expect("error");
    EXPECT_THAT(told(error), StartsWith("hostkey host-key-changed: The host key of 127.0.0.1 has "
                                        "CHANGED. | Expected " +
                                        fingerprint(old_key) + ", received " +
                                        fingerprint(server_.host_key()) + "."));
    EXPECT_EQ(browser.close_code(), 4014u);
  }
  EXPECT_EQ(server_.connections(), 3);
  EXPECT_EQ(server_.auth_requests(), 0);
  EXPECT_EQ(file(), before);
}

TEST_F(HostKeys, ARevokedKeyIsAHardStop) {
  start();
  write_file(known_hosts(), "@revoked " + known_line(server_.port(), server_.host_key()) + "\n");
  auto browser = connect();
  browser.send(frame());
  EXPECT_THAT(told(browser.expect("error")),
              StartsWith("hostkey host-key-revoked: The host key of 127.0.0.1 has been REVOKED."));
  EXPECT_EQ(server_.auth_requests(), 0);
}

TEST_F(HostKeys, AFileThatCannotBeWrittenStopsTheLoginBeforeTheSignIn) {
  // A folder in its place cannot be written by root either.
  std::filesystem::create_directory(known_hosts());
  start();
  auto browser = connect();
  browser.send(frame());
  const auto error = browser.expect("error");
  EXPECT_EQ(error.at("stage"), "hostkey");
  EXPECT_EQ(browser.close_code(), 4014u);
  EXPECT_EQ(server_.auth_requests(), 0);
}

}  // namespace
}  // namespace sallyport::support
