// A browser that vanishes at each stage: nothing of it stays, on either side, and nobody else
// notices.
#include <gmock/gmock.h>

#include "plain_host.h"
#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using Stage = Script::Stage;

// How a connection ends without a word of sallyport.v1.
enum class Way { kDrop, kHalfClose, kCloseFrame };

class CutConnections : public GatewayTest, public ::testing::WithParamInterface<Way> {
 protected:
  CutConnections() {
    settings().host_keys = ssh::HostKeyPolicy::kAsk;
    // Nothing here may be ended by a deadline.
    settings().connect_timeout = settings().handshake_timeout = settings().authenticate_timeout =
        settings().shell_timeout = settings().prompt_timeout = 600s;
  }
  void SetUp() override {
    start();
    bystander_.emplace(open(open_frame(others_.port(), password("right horse"))));
    expect_bystander_works();
  }
  void TearDown() override {
    if (!HasFailure()) {
      expect_bystander_works();
      EXPECT_TRUE(eventually([this] { return gateway().connections() == 1; }))
          << gateway().connections() << " sockets are open besides the bystander's";
      EXPECT_TRUE(eventually([this] { return gateway().sessions() == 1; }))
          << gateway().sessions() << " sessions are there besides the bystander's";
    }
    bystander_.reset();
    GatewayTest::TearDown();
  }
  void expect_bystander_works() {
    const auto line = "line " + std::to_string(++lines_);
    bystander_->type(line + "\n");
    bystander_->expect_output(line);
  }
  static void cut(WebSocketClient& browser) {
    switch (GetParam()) {
      case Way::kDrop:
        return browser.drop();
      case Way::kHalfClose:
        browser.half_close();
        browser.close_code();
        return;
      case Way::kCloseFrame:
        return browser.close();
    }
  }
  // A browser that is on its way to `server`, after the host key's question.
  WebSocketClient on_its_way(unsigned port, const Json& auth) {
    auto browser = connect();
    browser.send(open_frame(port, auth));
    const auto prompt = browser.expect("prompt");
    browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"accept", true}});
    return browser;
  }
  void cut_where_the_host_is_silent(Script script, const Json& auth) {
    ScriptedSshServer server(std::move(script));
    auto browser = on_its_way(server.port(), auth);
    ASSERT_TRUE(server.wait_until_stopped());
    cut(browser);
    EXPECT_TRUE(eventually([this] { return gateway().sessions() == 1; }));
  }
  ScriptedSshServer others_;
  std::optional<WebSocketClient> bystander_;
  int lines_ = 0;
};

TEST_P(CutConnections, BeforeItsFirstFrame) {
  auto browser = connect();
  cut(browser);
}

TEST_P(CutConnections, InTheMiddleOfItsFirstFrame) {
  auto browser = connect();
  const auto text = open_frame(22, password("x")).dump();
  const auto half = std::string_view(text).substr(0, text.size() / 2);
  // A close frame may come between two fragments, but not inside one.
  const bool whole_fragment = GetParam() == Way::kCloseFrame;
  const auto frame = WebSocketClient::frame_bytes(1, !whole_fragment, whole_fragment ? half : text);
  browser.send_raw(std::string_view(frame).substr(0, frame.size() - (whole_fragment ? 0 : 10)));
  cut(browser);
}

TEST_P(CutConnections, WhileTheNameIsLookedUp) {
  auto browser = connect();
  browser.send(open_frame(22, password("x"), {{"host", "db-3.invalid"}}));
  cut(browser);
}

TEST_P(CutConnections, WhileTheHostIsDialled) {
  const PlainHost host(PlainHost::Kind::kFull);
  auto browser = connect();
  browser.send(open_frame(host.port(), password("x")));
  browser.wait_until([&] { return browser.stages().size() == 3; }, "progress: connect");
  cut(browser);
}

TEST_P(CutConnections, DuringTheHandshake) {
  PlainHost host;
  auto browser = connect();
  browser.send(open_frame(host.port(), password("x")));
  host.accept();
  cut(browser);
  EXPECT_TRUE(host.sees_the_end());
}

TEST_P(CutConnections, WhileTheHostKeyIsAskedFor) {
  ScriptedSshServer server;
  auto browser = connect();
  browser.send(open_frame(server.port(), password("right horse")));
  browser.expect("prompt");
  cut(browser);
  EXPECT_TRUE(eventually([this] { return gateway().sessions() == 1; }));
  EXPECT_EQ(server.auth_requests(), 0);
}

TEST_P(CutConnections, DuringTheSignIn) {
  cut_where_the_host_is_silent({.silent_at = Stage::kAuth}, password("right horse"));
}

TEST_P(CutConnections, WhileTheHostsQuestionIsOpen) {
  ScriptedSshServer server({.offers_password = false,
                            .offers_interactive = true,
                            .rounds = {{"", "", {{"Code: ", true, "1"}}}}});
  auto browser = on_its_way(server.port(), interactive());
  browser.expect("prompt");
  cut(browser);
  EXPECT_TRUE(eventually([this] { return gateway().sessions() == 1; }));
}

TEST_P(CutConnections, AfterTheAnswerToTheHostsQuestion) {
  ScriptedSshServer server({.silent_at = Stage::kPrompt,
                            .offers_password = false,
                            .offers_interactive = true,
                            .rounds = {{"", "", {{"Code: ", true, "1"}}}}});
  auto browser = on_its_way(server.port(), interactive());
  const auto prompt = browser.expect("prompt");
  browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"values", {"1"}}});
  cut(browser);
  EXPECT_TRUE(eventually([this] { return gateway().sessions() == 1; }));
}

TEST_P(CutConnections, WhileTheChannelIsOpened) {
  cut_where_the_host_is_silent({.silent_at = Stage::kChannel}, password("right horse"));
}

TEST_P(CutConnections, WhileTheShellIsStarted) {
  cut_where_the_host_is_silent({.silent_at = Stage::kShell}, password("right horse"));
}

TEST_P(CutConnections, WithARunningShell) {
  ScriptedSshServer server;
  auto browser = on_its_way(server.port(), password("right horse"));
  browser.expect("opened");
  browser.type("hello\n");
  browser.expect_output("hello");
  cut(browser);
}

TEST_P(CutConnections, WithOutputItHasNotRead) {
  ScriptedSshServer server;
  auto browser = on_its_way(server.port(), password("right horse"));
  browser.expect("opened");
  browser.set_acking(false);
  browser.type("!flood 20000000\n");
  browser.wait_until([&] { return browser.output_end() > 50'000; }, "the flood");
  browser.set_reading(false);
  expect_bystander_works();
  if (GetParam() == Way::kDrop) {
    cut(browser);
  } else {
    browser.set_reading(true);
    cut(browser);
  }
}

INSTANTIATE_TEST_SUITE_P(EachWay, CutConnections,
                         ::testing::Values(Way::kDrop, Way::kHalfClose, Way::kCloseFrame),
                         [](const auto& tested) {
                           switch (tested.param) {
                             case Way::kDrop:
                               return "Dropped";
                             case Way::kHalfClose:
                               return "HalfClosed";
                             case Way::kCloseFrame:
                               return "ClosedByAFrame";
                           }
                           return "";
                         });

using Leaks = GatewayTest;

TEST_F(Leaks, AfterManyConnectionsOfEveryKindTheProcessHoldsWhatItHeldBefore) {
  start();
  const auto round = [this] {
    ScriptedSshServer server;
    PlainHost host;
    std::vector<WebSocketClient> browsers;
    for (int i = 0; i < 4; ++i) {
      browsers.push_back(connect());
      browsers.push_back(connect());
      browsers.back().send(open_frame(host.port(), password("x")));
      browsers.push_back(open(open_frame(server.port(), password("right horse"))));
      browsers.push_back(connect());
      browsers.back().send(open_frame(server.port(), password("wrong horse")));
      browsers.back().expect("error");
      browsers.push_back(connect());
      browsers.back().send_text("{");
      browsers.back().expect("error");
    }
    browsers.clear();
    expect_all_gone();
  };
  round();  // what is made once is made now
  const auto before = Holdings::now();
  for (int i = 0; i < 5; ++i) round();
  const auto after = Holdings::now();
  EXPECT_EQ(after.descriptors, before.descriptors);
  EXPECT_EQ(after.threads, before.threads);
}

}  // namespace
}  // namespace sallyport::support
