// A real sshd's shell behind the gateway: size, environment, characters, and how it ends.
#include <gmock/gmock.h>

#include "support/gateway_fixture.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;

class Shell : public GatewayTest {
 protected:
  void SetUp() override { start(); }
  WebSocketClient open_shell(const Json& changes = Json::object()) {
    Json frame = open_frame(server_.port(), key(server_.key()), {{"username", server_.user()}});
    frame.merge_patch(changes);
    auto browser = open(frame);
    quiet(browser);
    return browser;
  }
  // A plain shell without prompt and echo, so that what comes is what a command prints. The quotes
  // keep the echo of a command from being taken for its output.
  static void quiet(WebSocketClient& browser) {
    browser.type("PS1= ENV= exec sh\n");
    browser.type("stty -echo; echo rea''dy\n");
    browser.expect_output("ready\r\n");
  }
  static std::string run(WebSocketClient& browser, const std::string& command) {
    browser.type(command + "; echo do''ne\n");
    return browser.expect_output("done\r\n");
  }
  OpenSshServer server_;
};

TEST_F(Shell, WhatACommandPrintsComesBack) {
  auto browser = open_shell();
  EXPECT_EQ(run(browser, "echo $((6 * 7))"), "42\r\n");
}

TEST_F(Shell, ItsExitStatusIsTold) {
  auto browser = open_shell();
  browser.type("exit 7\n");
  const auto exited = browser.expect("exited");
  EXPECT_EQ(exited.at("status"), 7);
  EXPECT_FALSE(exited.contains("signal"));
  EXPECT_EQ(browser.close_code(), 1000u);
}

TEST_F(Shell, TheSignalThatEndedItIsTold) {
  auto browser = open_shell();
  browser.type("kill -KILL $$\n");
  const auto exited = browser.expect("exited");
  EXPECT_EQ(exited.at("signal"), "KILL");
  EXPECT_EQ(browser.close_code(), 1000u);
}

TEST_F(Shell, AllItsOutputComesBeforeItsEnd) {
  auto browser = open_shell();
  browser.type("seq 1 20000; exit 3\n");
  EXPECT_EQ(browser.expect("exited").at("status"), 3);
  EXPECT_TRUE(browser.output().ends_with("\r\n19999\r\n20000\r\n"));
}

TEST_F(Shell, ItsSizeFollowsTheWindow) {
  auto browser = open_shell({{"cols", 132}, {"rows", 43}});
  EXPECT_EQ(run(browser, "stty size"), "43 132\r\n");
  browser.send({{"type", "resize"}, {"cols", 211}, {"rows", 57}});
  EXPECT_EQ(run(browser, "stty size"), "57 211\r\n");
  browser.send({{"type", "resize"}, {"cols", 1000}, {"rows", 1}});
  EXPECT_EQ(run(browser, "stty size"), "1 1000\r\n");
}

TEST_F(Shell, AWindowResizedDuringTheLoginHasItsNewSize) {
  auto browser = connect();
  browser.send(open_frame(server_.port(), key(server_.key()), {{"username", server_.user()}}));
  browser.send({{"type", "resize"}, {"cols", 99}, {"rows", 33}});
  browser.expect("opened");
  quiet(browser);
  EXPECT_EQ(run(browser, "stty size"), "33 99\r\n");
}

TEST_F(Shell, ItsTerminalTypeAndEnvironmentAreThePages) {
  auto browser = open_shell(
      {{"term", "xterm-kitty"}, {"env", {{"SALLYPORT_TEST", "a b\"c"}, {"LC_ALL", "C"}}}});
  EXPECT_EQ(run(browser, "echo $TERM,$LC_ALL,$SALLYPORT_TEST"), "xterm-kitty,C,a b\"c\r\n");
}

TEST_F(Shell, AVariableTheHostRefusesDoesNotHoldUpTheRest) {
  auto browser = open_shell({{"env", {{"NOT_ACCEPTED", "1"}, {"SALLYPORT_B", "2"}}}});
  EXPECT_EQ(run(browser, "echo .$NOT_ACCEPTED.$SALLYPORT_B."), "..2.\r\n");
}

TEST_F(Shell, CtrlCInterruptsWhatRuns) {
  auto browser = open_shell();
  // A loop: the key may come before the shell waits for its child.
  browser.type(
      "sh -c 'trap \"echo interrupted; exit\" INT; echo waiting; while :; do sleep 0.1; done'\n");
  browser.expect_output("waiting\r\n");
  browser.type("\x03");
  browser.expect_output("interrupted");
}

TEST_F(Shell, AGbkHostIsReadAndWrittenInGbk) {
  auto browser = open_shell({{"encoding", "gbk"}});
  EXPECT_EQ(run(browser, "printf '\\326\\320\\316\\304'"), "中文");
  browser.type("head -c 4 | od -An -tx1; echo do''ne\n");
  browser.type("中文\n");
  EXPECT_THAT(browser.expect_output("done\r\n"), HasSubstr("d6 d0 ce c4"));
}

TEST_F(Shell, ALatin1HostIsReadAndWrittenInLatin1) {
  auto browser = open_shell({{"encoding", "iso-8859-1"}});
  EXPECT_EQ(run(browser, "printf '\\344\\366'"), "äö");
  browser.type("head -c 2 | od -An -tx1; echo do''ne\n");
  browser.type("äö\n");
  EXPECT_THAT(browser.expect_output("done\r\n"), HasSubstr("e4 f6"));
}

std::vector<std::string> single_bytes(std::string_view text) {
  std::vector<std::string> pieces;
  for (const char c : text) pieces.emplace_back(1, c);
  return pieces;
}

TEST_F(Shell, CharactersSplitAtEveryByteStayWhole) {
  const std::string text = "é中文😀e\u0301|\u200d";
  const ScriptedSshServer host({.prints = single_bytes(text + "end")});
  auto browser = open(open_frame(host.port(), password("right horse")));
  EXPECT_EQ(browser.expect_output("end"), text);
}

TEST_F(Shell, BytesThatAreNoUtf8BecomeReplacementCharacters) {
  // Invalid, overlong, a surrogate, and a character that never ends; the last at the end of all.
  const ScriptedSshServer host({.prints = single_bytes("a\xff"
                                                       "b\xc0\xaf"
                                                       "c\xed\xa0\x80"
                                                       "d\xe4\xb8"
                                                       "e\xf0\x9f"),
                                .exits_after_prints = 0});
  auto browser = open(open_frame(host.port(), password("right horse")));
  browser.expect("exited");
  // The Unicode Standard, chapter 3, "U+FFFD Substitution of Maximal Subparts".
  const std::string bad = "\uFFFD";
  EXPECT_EQ(browser.output(),
            "a" + bad + "b" + bad + bad + "c" + bad + bad + bad + "d" + bad + "e" + bad);
}

}  // namespace
}  // namespace sallyport::support
