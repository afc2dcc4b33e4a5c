// The SSH servers it is tried with, each with every authentication it has: a shell through the
// whole gateway, a command, its output and its exit status.
#include <gtest/gtest.h>

#include <map>
#include <variant>

#include "support/dropbear_server.h"
#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"
#include "support/tinyssh_server.h"

namespace sallyport::support {
namespace {

struct Case {
  const char* server;
  const char* method;  // a key's type, or another authentication's name
};

class Servers : public GatewayTest, public ::testing::WithParamInterface<Case> {
 protected:
  Servers() {
    for (const char* type : {"ed25519", "ecdsa", "rsa"}) {
      keys_[type] = make_key(folder_.path(), type, key_of_type(type));
      lines_.push_back(keys_[type].public_line);
    }
  }
  // The server of the case runs from here on.
  void start_server() {
    const std::string name = GetParam().server;
    if (name == "OpenSSH") {
      OpenSshServer::Options options;
      options.authorized_keys = lines_;
      options.passwords = true;
      authority_ = make_key(folder_.path(), "authority");
      options.config = {"TrustedUserCAKeys " + authority_.file.string() + ".pub"};
      auto& server = server_.emplace<OpenSshServer>(options);
      found_ = {server.port(), server.user(), server.password()};
    } else if (name == "Dropbear") {
      auto& server = server_.emplace<DropbearServer>(lines_);
      found_ = {server.port(), server.user(), server.password()};
    } else if (name == "TinySSH") {
      auto& server = server_.emplace<TinySshServer>(lines_);
      found_ = {server.port(), server.user(), ""};
    } else {
      Script script;
      script.offers_publickey = script.offers_interactive = true;
      script.rounds = {{"", "", {{"Password: ", false, script.password}}}};
      found_ = {server_.emplace<ScriptedSshServer>(script).port(), "ana", script.password};
    }
  }
  Json auth() {
    const std::string method = GetParam().method;
    if (method == "password") return password(found_.password);
    if (method == "interactive") return interactive();
    if (!method.ends_with("_certificate")) return key(keys_.at(method));
    const KeyPair pair =
        make_key(folder_.path(), "certified", key_of_type(method.substr(0, method.find('_'))));
    Json certified = key(pair);
    certified["certificate"] = make_certificate(authority_, pair, found_.user);
    return certified;
  }

  struct Found {
    unsigned port = 0;
    std::string user, password;
  };
  TemporaryFolder folder_;
  std::map<std::string, KeyPair> keys_;
  std::vector<std::string> lines_;
  KeyPair authority_;
  std::variant<std::monostate, OpenSshServer, DropbearServer, TinySshServer, ScriptedSshServer>
      server_;
  Found found_;
};

TEST_P(Servers, OpenAShellThatRunsACommand) {
  start_server();
  start();
  auto browser = connect();
  browser.send(open_frame(found_.port, auth(), {{"username", found_.user}}));
  if (std::string(GetParam().method) == "interactive") {
    const auto prompt = browser.expect("prompt");
    ASSERT_EQ(prompt.at("questions").size(), 1U) << prompt;
    EXPECT_FALSE(prompt.at("questions").at(0).at("echo").get<bool>());
    browser.send({{"type", "answer"},
                  {"prompt", prompt.at("id")},
                  {"values", Json::array({found_.password})}});
  }
  browser.expect("opened");
  // libssh brings no shell: the one of the tests has words of its own.
  const bool is_shell = std::string(GetParam().server) != "libssh";
  browser.type(is_shell ? "stty size; echo the $((6 * 7))nd\r" : "!size\r");
  browser.expect_output(is_shell ? "24 80" : "80x24");
  if (is_shell) browser.expect_output("the 42nd");
  browser.type(is_shell ? "exit 7\r" : "!exit 7\r");
  EXPECT_EQ(browser.expect("exited").at("status"), 7);
  EXPECT_EQ(browser.close_code(), 1000U);
}

INSTANTIATE_TEST_SUITE_P(
    EachAuthentication, Servers,
    ::testing::Values(Case{"OpenSSH", "password"}, Case{"OpenSSH", "interactive"},
                      Case{"OpenSSH", "ed25519"}, Case{"OpenSSH", "ecdsa"}, Case{"OpenSSH", "rsa"},
                      Case{"OpenSSH", "ed25519_certificate"}, Case{"OpenSSH", "ecdsa_certificate"},
                      Case{"OpenSSH", "rsa_certificate"}, Case{"Dropbear", "password"},
                      Case{"Dropbear", "ed25519"}, Case{"Dropbear", "ecdsa"},
                      Case{"Dropbear", "rsa"}, Case{"libssh", "password"},
                      Case{"libssh", "interactive"}, Case{"libssh", "ed25519"},
                      Case{"libssh", "ecdsa"}, Case{"libssh", "rsa"}, Case{"TinySSH", "ed25519"}),
    [](const auto& info) { return std::string(info.param.server) + "_" + info.param.method; });

}  // namespace
}  // namespace sallyport::support
