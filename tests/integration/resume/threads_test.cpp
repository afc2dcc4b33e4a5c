// A browser that comes back on another reader thread than its session's: everything is as on the
// same one, and two who come back at once get one keyboard.
#include <gmock/gmock.h>

#include <thread>

#include "numbered_lines.h"
#include "support/openssh_server.h"
#include "support/resume_fixture.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

class Threads : public ReturnTest {
 protected:
  Threads() {
    settings().threads = Places::kThreads;
    settings().first_frame_timeout = 10min;  // of the sockets that only take a place
  }
  void SetUp() override { start(); }
  void TearDown() override {
    fillers_.clear();
    ReturnTest::TearDown();
  }

  struct Placed {
    WebSocketClient browser;
    unsigned thread;
  };
  // An upgraded socket on this reader thread.
  Placed connect_on(unsigned thread) {
    for (;;) {
      EXPECT_TRUE(eventually([this] { return gateway().connections() == places_.total(); }))
          << gateway().connections() << " sockets, not " << places_.total();
      const auto next = places_.next();
      Placed placed{connect(), next};
      places_.arrive(next);
      if (next == thread) return placed;
      fillers_.push_back(std::move(placed.browser));
    }
  }
  void drop(Placed& placed) {
    placed.browser.reset();
    places_.leave(placed.thread);
  }
  Placed come_back_on(unsigned thread, const Ticket& ticket, std::uint64_t received) {
    auto placed = connect_on(thread);
    placed.browser.send(attach_frame(ticket, received));
    EXPECT_EQ(placed.browser.expect("attached").at("start"), received);
    return placed;
  }
  Placed open_on(unsigned thread, ScriptedSshServer& host, Ticket& ticket) {
    auto placed = connect_on(thread);
    placed.browser.send(open_frame(host.port(), password("right horse")));
    ticket = ticket_of(placed.browser.expect("opened"));
    return placed;
  }
  // The session is over for this browser.
  void ended(Placed& placed, unsigned code) {
    EXPECT_EQ(placed.browser.close_code(), code);
    places_.leave(placed.thread);
  }
  Places places_;
  std::vector<WebSocketClient> fillers_;
  ScriptedSshServer host_;
};

TEST_F(Threads, ASessionGoesOnFromEitherAsOften) {
  Ticket ticket;
  auto placed = open_on(0, host_, ticket);
  std::uint64_t shown = 0;
  for (unsigned round = 0; round < 20; ++round) {
    const auto line = "round " + std::to_string(round) + "\n";
    placed.browser.type(line);
    EXPECT_EQ(placed.browser.expect_output(line), "") << "in round " << round;
    placed.browser.wait_until([&] { return placed.browser.accepted() == round + 1; }, "accepted");
    shown += line.size();
    EXPECT_EQ(placed.browser.output_end(), shown);
    drop(placed);
    placed = come_back_on((round / 2 + 1) % 2, ticket, shown);
  }
  placed.browser.type("!exit 3\n");
  EXPECT_EQ(placed.browser.expect("exited").at("status"), 3);
  ended(placed, 1000);
}

TEST_F(Threads, AFloodIsTakenOverFromTheOtherThreadByteExact) {
  Ticket ticket;
  auto placed = open_on(0, host_, ticket);
  constexpr std::size_t kFlood = 3'000'000;
  const std::string command = "!flood " + std::to_string(kFlood) + "\n";
  placed.browser.type(command);
  std::string all;
  unsigned thread = 0;
  while (all.size() < command.size() + kFlood) {
    const auto next = std::min(all.size() + 100'000, command.size() + kFlood);
    placed.browser.wait_until([&] { return placed.browser.output_end() >= next; }, "the flood");
    all += placed.browser.take_output();
    thread = 1 - thread;
    auto other = come_back_on(thread, ticket, all.size());
    // The other is told and goes; what it still got was for nobody.
    while (!placed.browser.has_event()) placed.browser.read_for(1ms);
    EXPECT_EQ(placed.browser.expect("error").at("code"), "taken-over");
    ended(placed, 4009);
    placed = std::move(other);
  }
  EXPECT_TRUE(all == command + flood_bytes(kFlood));
  placed.browser.hang_up();
  ended(placed, 1000);
}

TEST_F(Threads, APasteFromTheOtherThreadArrivesByteExact) {
  OpenSshServer server(plain_shell());
  Ticket ticket;
  auto placed = connect_on(0);
  placed.browser.send(open_frame(server.port(), key(server.key()), {{"username", server.user()}}));
  ticket = ticket_of(placed.browser.expect("opened"));
  const auto text = TypedLines::bytes(0, TypedLines::length() * 100'000);
  const auto file = server.folder() / "pasted";
  placed.browser.type("stty raw -echo; echo rea''dy; exec head -c " + std::to_string(text.size()) +
                      " > " + file.string() + "\n");
  placed.browser.expect_output("ready\n");
  const auto shown = placed.browser.output_end();
  drop(placed);
  placed = come_back_on(1, ticket, shown);
  std::uint64_t last = 0;
  constexpr std::size_t kPiece = 300'000;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = std::min(kPiece, text.size() - at);
    while (!TypedLines::begins_character(at + size)) ++size;
    last = placed.browser.type(std::string_view(text).substr(at, size));
    at += size;
  }
  EXPECT_EQ(placed.browser.expect("exited").at("status"), 0);
  EXPECT_GE(placed.browser.accepted() + 1, last);  // the shell may be gone before the last is told
  ended(placed, 1000);
  EXPECT_TRUE(read_file(file) == text);
}

TEST_F(Threads, ALimitAndAHangUpReachTheOtherThread) {
  Ticket ticket;
  auto home = open_on(0, host_, ticket);
  auto watcher = connect_on(1);
  watcher.browser.send(watch_frame(ticket, 0));
  watcher.browser.expect("attached");
  auto other = come_back_on(1, ticket, 0);
  ended(home, 4009);
  other.browser.hang_up();
  ended(other, 1000);
  EXPECT_EQ(watcher.browser.expect("error").at("code"), "closed-by-owner");
  ended(watcher, 1000);
}

// What a paste that the host does not take leaves waiting must not keep a browser that lost the
// keyboard.
TEST_F(Threads, ABrowserWhoseInputWaitsIsToldAtOnceThatItWasTakenOver) {
  OpenSshServer server(plain_shell());
  for (unsigned thread = 0; thread < Places::kThreads; ++thread) {
    auto placed = connect_on(0);
    placed.browser.send(
        open_frame(server.port(), key(server.key()), {{"username", server.user()}}));
    const auto ticket = ticket_of(placed.browser.expect("opened"));
    const auto end = (server.folder() / ("end-" + std::to_string(thread))).string();
    placed.browser.type("stty raw -echo; echo rea''dy; while [ ! -e " + end +
                        " ]; do sleep 0.05; done; exit 3\n");
    placed.browser.expect_output("ready\n");
    const auto shown = placed.browser.output_end();
    drop(placed);
    placed = come_back_on(thread, ticket, shown);
    const std::string piece(500'000, 'x');
    constexpr unsigned kMost = 40;
    unsigned sent = 0;
    while (sent < kMost && placed.browser.try_type(piece, 1s)) ++sent;
    EXPECT_LT(sent, kMost) << "on thread " << thread;
    auto next = come_back_on(1 - thread, ticket, shown);
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(placed.browser.expect("error").at("code"), "taken-over");
    EXPECT_EQ(placed.browser.close_code(), 4009u);
    // Its own close handshake has a deadline of 2 s: that must not be what ended it.
    placed.browser.drop();
    EXPECT_TRUE(eventually([this] { return gateway().connections() == places_.total() - 1; }));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 1500ms) << "from thread " << thread;
    places_.leave(placed.thread);
    write_file(end, "");
    EXPECT_EQ(next.browser.expect("exited").at("status"), 3);
    ended(next, 1000);
  }
}

TEST_F(Threads, OfTwoWhoComeBackAtOnceOneHasTheKeyboardAndNothingIsDoubled) {
  for (unsigned round = 0; round < 20; ++round) {
    Ticket ticket;
    auto placed = open_on(round % 2, host_, ticket);
    placed.browser.type("one\n");
    placed.browser.expect_output("one\n");
    drop(placed);
    std::array<Placed, 2> both{connect_on(0), connect_on(1)};
    std::array<bool, 2> won{};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 2; ++i) {
      threads.emplace_back([&, i] {
        auto& browser = both[i].browser;
        browser.send(attach_frame(ticket, 4));
        browser.expect("attached");
        // Both pages type what was not accepted.
        browser.send({{"type", "input"}, {"seq", 2}, {"data", "two\n"}});
        browser.send({{"type", "input"}, {"seq", 3}, {"data", "three\n"}});
        browser.wait_until(
            [&] { return browser.has_event() || !browser.open() || browser.accepted() >= 3; },
            "an end or `accepted`");
        won[i] = browser.read_for(200ms) && !browser.has_event();
      });
    }
    for (auto& thread : threads) thread.join();
    ASSERT_NE(won[0], won[1]) << "in round " << round;
    auto& winner = both[won[0] ? 0 : 1];
    auto& loser = both[won[0] ? 1 : 0];
    EXPECT_EQ(loser.browser.expect("error").at("code"), "taken-over");
    ended(loser, 4009);
    // Its inputs may have been ignored in part: the winner sends what it has not seen accepted.
    winner.browser.send({{"type", "input"}, {"seq", 2}, {"data", "two\n"}});
    winner.browser.send({{"type", "input"}, {"seq", 3}, {"data", "three\n"}});
    winner.browser.send({{"type", "input"}, {"seq", 4}, {"data", "end\n"}});
    EXPECT_EQ(winner.browser.expect_output("end\n"), "two\nthree\n") << "in round " << round;
    winner.browser.hang_up();
    ended(winner, 1000);
  }
}

}  // namespace
}  // namespace sallyport::support
