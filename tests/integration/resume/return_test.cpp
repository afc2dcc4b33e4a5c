// A browser whose socket is cut comes back: the output goes on at the exact byte, and what it typed
// reaches the host once.
#include <gmock/gmock.h>

#include "support/resume_fixture.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

enum class Cut { kReset, kHalfClose, kCloseFrame, kSilence };

class Return : public ReturnTest, public ::testing::WithParamInterface<Cut> {
 protected:
  void SetUp() override {
    start();
    browser_.emplace(open_session(host_, ticket_));
  }
  // The browser goes; with kSilence it is still there and says nothing.
  void cut() {
    switch (GetParam()) {
      case Cut::kReset:
        return browser_->reset();
      case Cut::kHalfClose:
        return browser_->half_close();
      case Cut::kCloseFrame:
        return browser_->close();
      case Cut::kSilence:
        return browser_->set_reading(false);
    }
  }
  WebSocketClient back(std::uint64_t received, Json* answer = nullptr) {
    auto again = come_back(ticket_, received, answer);
    browser_.reset();  // a silent one has been there until now
    return again;
  }
  Ticket ticket_;
  ScriptedSshServer host_;
  std::optional<WebSocketClient> browser_;
};

TEST_P(Return, GoesOnAtTheExactByte) {
  browser_->type("before\n");
  browser_->expect_output("before\n");
  const auto received = browser_->output_end();
  browser_->type("while nobody reads\n");
  cut();
  Json attached;
  auto again = back(received, &attached);
  EXPECT_EQ(attached.at("start"), received);
  EXPECT_EQ(attached.at("host"), "127.0.0.1");
  EXPECT_EQ(attached.at("port"), host_.port());
  EXPECT_EQ(attached.at("username"), "ana");
  EXPECT_EQ(attached.at("cols"), 80);
  // What was under way when the socket was cut was taken, or is not counted as taken.
  if (attached.at("input") == 1) {
    again.type("while nobody reads\n");
  }
  EXPECT_EQ(again.expect_output("while nobody reads\n"), "");
  again.type("after\n");
  EXPECT_EQ(again.expect_output("after\n"), "");
  again.hang_up();
}

TEST_P(Return, FromTheBeginningIfItLikes) {
  browser_->type("one\ntwo\n");
  browser_->expect_output("two\n");
  cut();
  auto again = back(0);
  EXPECT_EQ(again.expect_output("two\n"), "one\n");
  again.hang_up();
}

TEST_P(Return, InputThatComesAgainIsTypedOnce) {
  browser_->type("one\n");
  browser_->type("two\n");
  browser_->expect_output("two\n");
  const auto received = browser_->output_end();
  cut();
  auto again = back(received);
  for (int seq = 1; seq <= 3; ++seq) {
    again.send({{"type", "input"}, {"seq", seq}, {"data", std::to_string(seq) + "\n"}});
  }
  EXPECT_EQ(again.expect_output("3\n"), "");
  again.wait_until([&] { return again.accepted() == 3; }, "accepted");
  again.hang_up();
}

TEST_P(Return, WithAnotherSizeTellsTheHost) {
  cut();
  auto browser = send_first(attach_frame(ticket_, 0, {{"cols", 132}, {"rows", 43}}));
  const auto attached = browser.expect("attached");
  EXPECT_EQ(attached.at("cols"), 132);
  EXPECT_EQ(attached.at("rows"), 43);
  browser.type("!size\n");
  browser.expect_output("132x43\r\n");
  browser_.reset();
  browser.hang_up();
}

INSTANTIATE_TEST_SUITE_P(AfterEachCut, Return,
                         ::testing::Values(Cut::kReset, Cut::kHalfClose, Cut::kCloseFrame,
                                           Cut::kSilence),
                         [](const auto& tested) {
                           switch (tested.param) {
                             case Cut::kReset:
                               return "Reset";
                             case Cut::kHalfClose:
                               return "HalfClosed";
                             case Cut::kCloseFrame:
                               return "ClosedByAFrame";
                             case Cut::kSilence:
                               return "Silent";
                           }
                           return "";
                         });

class Tokens : public ReturnTest {
 protected:
  void SetUp() override { start(); }
  ScriptedSshServer host_;
};

TEST_F(Tokens, AListSaysWhichOfThemStillRun) {
  Ticket kept;
  Ticket left;
  Ticket gone;
  auto browser = open_session(host_, kept);
  open_session(host_, left).drop();
  auto ended = open_session(host_, gone);
  ended.hang_up();
  ended.close_code();
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 1; }));
  const auto entry = [](const Ticket& ticket, const std::string& token) {
    return Json{{"session", ticket.session}, {"token", token}};
  };
  auto asking =
      send_first({{"type", "list"},
                  {"sessions",
                   {entry(kept, kept.token), entry(left, left.token), entry(gone, gone.token),
                    entry(kept, left.token), entry(kept, kept.watch), entry({"x", "", ""}, "y")}}});
  const auto answer = asking.expect("sessions");
  EXPECT_EQ(asking.close_code(), 1000u);
  const auto running = [&](const Ticket& ticket, bool attached) {
    return Json{{"session", ticket.session}, {"host", "127.0.0.1"},  {"port", host_.port()},
                {"username", "ana"},         {"attached", attached}, {"seconds", 0}};
  };
  EXPECT_EQ(answer.at("sessions"), Json({running(kept, true), running(left, false)}));
  browser.hang_up();
  end(left);
}

TEST_F(Tokens, APlaceBeyondTheOutputOrInsideACharacterIsABadFrame) {
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  browser.type("é中😀\n");
  browser.expect_output("\n");
  browser.drop();
  for (const std::uint64_t inside : {1u, 3u, 4u, 6u, 7u, 8u, 11u}) {
    auto again = send_first(attach_frame(ticket, inside));
    EXPECT_EQ(told(again.expect("error")),
              "running bad-frame: The gateway did not understand the page: attach: received was "
              "never sent. | Reload the page.");
    EXPECT_EQ(again.close_code(), 4000u);
  }
  end(ticket);
}

TEST_F(Tokens, APingIsAnsweredWithTheTimeToTheHost) {
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  browser.send({{"type", "ping"}, {"id", 7}});
  const auto pong = browser.expect("pong");
  EXPECT_EQ(pong.at("id"), 7);
  EXPECT_GT(pong.at("host").get<double>(), 0);
  EXPECT_LT(pong.at("host").get<double>(), 1000);
  browser.hang_up();
}

}  // namespace
}  // namespace sallyport::support
