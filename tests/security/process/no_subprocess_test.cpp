// The real program through whole logins, with the sandbox that ends it at the first attempt to run
// another.
#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "app/sandbox.h"
#include "security/process/real_gateway.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class Promise14OnTheDataPath : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const char* reason = app::no_sandbox_here()) GTEST_SKIP() << reason;
  }
  static std::vector<std::string> tasks(const RealGateway& gateway) {
    std::vector<std::string> names;
    for (const auto& task :
         std::filesystem::directory_iterator("/proc/" + std::to_string(gateway.pid()) + "/task")) {
      names.push_back("task/" + task.path().filename().string() + "/");
    }
    return names;
  }
  static void expect_echo(WebSocketClient& browser) {
    // A shell that starts up throws away what was typed before its prompt.
    browser.wait_until([&] { return browser.output_end() > 0; }, "the prompt");
    browser.type("echo 1''2''3\n");
    browser.expect_output("123");
  }
};

TEST_F(Promise14OnTheDataPath, LoginsOfEveryKindWorkWithoutRunningAnything) {
  RealGateway gateway;
  EXPECT_THAT(gateway.process().error(), HasSubstr("sandbox.on"));
  {
    const OpenSshServer host({.config = {"ForceCommand exec /bin/sh", "SetEnv SHLVL=2 ENV="}});
    auto browser = gateway.connect();
    // By name, so that the resolver and the libraries it loads late are met too; as euc-jp, so that
    // a character set's is.
    browser.send(RealGateway::open_frame(
        host.port(), {{"method", "publickey"}, {"key", host.key().private_key}},
        {{"host", "localhost"}, {"username", host.user()}, {"encoding", "euc-jp"}}));
    browser.expect("opened");
    expect_echo(browser);
    browser.hang_up();
  }
  EXPECT_THAT(read_file(gateway.known_hosts()), HasSubstr("ssh-ed25519"));
  {
    ScriptedSshServer host(
        {.interactive_after = true, .rounds = {{"", "", {{"Code: ", true, "7"}}}}});
    auto browser = gateway.connect();
    browser.send(RealGateway::open_frame(host.port(),
                                         {{"method", "password"}, {"password", "right horse"}}));
    const auto prompt = browser.expect("prompt");
    browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"values", {"7"}}});
    browser.expect("opened");
    browser.hang_up();
  }
  gateway.wait_until_idle();
  EXPECT_THAT(RealGateway::get(gateway.metrics_port(), "/metrics"),
              ContainsRegex("\nprocess_open_fds [1-9]"));

  // Every thread is bound by it, and none has a child.
  const bool filters = gateway.process().error().contains("system_calls=active");
  for (const auto& task : tasks(gateway)) {
    const auto status = gateway.proc(task + "status");
    EXPECT_THAT(status, HasSubstr("\nNoNewPrivs:\t1\n"));
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
      EXPECT_THAT(status, HasSubstr(std::string("\n") + set + ":\t0000000000000000\n"));
    }
    if (filters) EXPECT_THAT(status, HasSubstr("\nSeccomp:\t2\n"));
    EXPECT_EQ(gateway.proc(task + "children"), "");
  }
  gateway.process().signal(SIGTERM);
  EXPECT_EQ(gateway.process().wait(), 0) << gateway.process().error();
}

TEST_F(Promise14OnTheDataPath, TheSandboxCanBeTurnedOffAndTheLogSaysSo) {
  RealGateway gateway({"--sandbox=off"});
  EXPECT_THAT(gateway.process().error(), HasSubstr("sandbox.off reason=\"the setting\""));
  EXPECT_THAT(gateway.proc("status"), HasSubstr("\nSeccomp:\t0\n"));
}

TEST_F(Promise14OnTheDataPath, NoImageOfItsMemoryIsEverWritten) {
  RealGateway gateway;
  EXPECT_THAT(gateway.proc("limits"), ContainsRegex("Max core file size +0 +0"));
}

}  // namespace
}  // namespace sallyport::support
