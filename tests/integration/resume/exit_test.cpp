// A shell that exits while its browser comes and goes: its last output and how it ended are seen,
// by whoever comes back, and then the session is gone.
#include <gmock/gmock.h>

#include "support/resume_fixture.h"
#include "support/size_of_run.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

class Exit : public ReturnTest {
 protected:
  void SetUp() override { start(); }
  void expect_gone(const Ticket& ticket) {
    EXPECT_EQ(gateway().sessions(), 0u);
    // Until the gateway has read the browser's answer to the close.
    EXPECT_TRUE(eventually([&] {
      auto late = send_first(attach_frame(ticket, 0));
      late.wait_until([&] { return late.has_event(); }, "an answer");
      return late.take_event().value("code", "") == "no-such-session";
    }));
  }
  ScriptedSshServer host_;
};

TEST_F(Exit, WhileNobodyIsThereIsSeenByWhoeverComesBack) {
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  browser.type("hello\n");
  browser.expect_output("hello\n");
  const auto shown = browser.output_end();
  browser.type("!exit 5\n");
  browser.drop();
  expect_no_browsers();
  auto again = come_back(ticket, shown);
  if (again.output_end() == shown && again.read_for(100ms) && again.output_end() == shown) {
    again.type("!exit 5\n");  // it was cut before it was taken
  }
  EXPECT_EQ(again.expect("exited").at("status"), 5);
  EXPECT_EQ(again.output(), "!exit 5\n");
  EXPECT_EQ(again.close_code(), 1000u);
  expect_gone(ticket);
}

TEST_F(Exit, ThatWasSentAndNotReadIsSentAgain) {
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  browser.type("!exit 5\n");
  browser.expect_output("!exit 5\n");
  browser.set_reading(false);
  // The gateway has written everything, the close frame too, and the browser never read it.
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 0; }));
  browser.reset();
  for (int round = 0; round < 3; ++round) {
    auto again = come_back(ticket, 8);
    again.reset();
    expect_no_browsers();
  }
  auto again = come_back(ticket, 0);
  EXPECT_EQ(again.expect("exited").at("status"), 5);
  EXPECT_EQ(again.output(), "!exit 5\n");
  EXPECT_EQ(again.close_code(), 1000u);
  expect_gone(ticket);
}

TEST_F(Exit, BySignalWithMuchOutputBeforeIt) {
  Ticket ticket;
  auto browser = open_session(host_, ticket);
  constexpr std::size_t kFlood = 700'000;  // more than a window, less than the log
  const std::string typed = "!flood " + std::to_string(kFlood) + "\n!signal TERM\n";
  browser.type(typed);
  browser.set_acking(false);
  browser.wait_until([&] { return browser.output_end() > 50'000; }, "the flood");
  auto all = browser.take_output();
  browser.reset();
  auto again = come_back(ticket, all.size());
  EXPECT_EQ(again.expect("exited").at("signal"), "TERM");
  all += again.output();
  EXPECT_TRUE(all == typed + flood_bytes(kFlood));
  EXPECT_EQ(again.close_code(), 1000u);
  expect_gone(ticket);
}

TEST_F(Exit, AtAnyMomentOfAReturnIsSeenOnce) {
  for (std::uint64_t round = 0; round < size_of_run("ROUNDS", 60); ++round) {
    Ticket ticket;
    auto browser = open_session(host_, ticket);
    // The host prints, ends, and closes while the socket goes and the next one comes.
    browser.type("!flood 20000\n!exit 9\n");
    const std::string wanted = "!flood 20000\n!exit 9\n" + flood_bytes(20'000);
    const auto enough = round * 997 % (wanted.size() + 1000);
    browser.wait_until(
        [&] { return browser.output_end() >= enough || browser.has_event() || !browser.open(); },
        "a part of it");
    std::string all = browser.take_output();
    // Whoever saw how it ended has answered the close, or not: then it is told again.
    const bool saw_the_end = browser.has_event();
    if (round % 2 == 0) {
      browser.reset();
    } else {
      browser.half_close();
    }
    auto again = send_first(attach_frame(ticket, all.size()));
    again.wait_until([&] { return again.has_event(); }, "an answer");
    const auto answer = Json::parse(again.texts().front());
    if (answer.at("type") == "error") {
      ASSERT_TRUE(saw_the_end) << answer;
      EXPECT_EQ(answer.at("code"), "no-such-session");
      EXPECT_EQ(again.close_code(), 4004u);
    } else {
      again.expect("attached");
      if (all.empty() && answer.at("input") == 0) {
        again.type("!flood 20000\n!exit 9\n");  // cut before it was taken
      }
      EXPECT_EQ(again.expect("exited").at("status"), 9);
      all += again.output();
      EXPECT_EQ(again.close_code(), 1000u);
    }
    ASSERT_TRUE(all == wanted) << "in round " << round << ": " << all.size() << " bytes";
    browser.drop();
    EXPECT_TRUE(eventually([this] { return gateway().sessions() == 0; }));
  }
}

}  // namespace
}  // namespace sallyport::support
