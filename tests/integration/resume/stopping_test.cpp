// A gateway that stops while sessions flood, are watched, are held from another thread, and wait
// for somebody to come back: everybody is told, and nothing is left.
#include <gmock/gmock.h>

#include <thread>

#include "support/resume_fixture.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

class StoppingWithSessions : public ReturnTest {
 protected:
  StoppingWithSessions() { settings().stop_grace = 500ms; }
  void SetUp() override { start(); }
  ScriptedSshServer host_;
};

TEST_F(StoppingWithSessions, TellsEachBrowserAndEndsEachSession) {
  const auto before = Holdings::now();
  constexpr unsigned kSessions = 8;
  std::vector<Ticket> tickets(kSessions);
  std::vector<WebSocketClient> browsers;
  for (auto& ticket : tickets) {
    open_session(host_, ticket).drop();
  }
  expect_no_browsers();
  // Two of each kind: on the least loaded thread, so on this one and on that.
  for (unsigned i = 0; i < kSessions; ++i) {
    const auto kind = i / 2;
    if (kind == 0) continue;  // nobody is there
    browsers.push_back(come_back(tickets[i], 0));
    if (kind == 2) browsers.push_back(watch(tickets[i]));
    if (kind == 3) {
      browsers.back().type("!flood 100000000\n");
      browsers.back().wait_until([&] { return browsers.back().output_end() > 100'000; }, "output");
      browsers.back().set_reading(i % 2 == 0);
    }
  }
  std::vector<std::thread> readers;
  for (auto& browser : browsers) {
    readers.emplace_back([&browser] {
      // Those who read nothing are cut off when the grace is over.
      browser.sees_hangup(100ms);
      browser.set_reading(true);
      EXPECT_THAT(browser.close_code(), ::testing::AnyOf(1001u, 1006u));
    });
  }
  const auto began = std::chrono::steady_clock::now();
  gateway().stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  for (auto& reader : readers) reader.join();
  stop();  // and all that was left is destroyed
  browsers.clear();
  EXPECT_TRUE(eventually([&] { return Holdings::now().threads <= before.threads; }));
}

}  // namespace
}  // namespace sallyport::support
