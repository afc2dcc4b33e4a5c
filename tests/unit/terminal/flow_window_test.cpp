#include "terminal/flow_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace sallyport::terminal {
namespace {

using namespace std::chrono_literals;

const FlowWindow::Clock::time_point kNow{};

TEST(FlowWindow, pauses_the_shell_when_unacked_output_reaches_its_size) {
  FlowWindow window(100);
  EXPECT_FALSE(window.produced(99));
  EXPECT_FALSE(window.paused());
  EXPECT_TRUE(window.produced(100));
  EXPECT_TRUE(window.paused());
  EXPECT_EQ(window.outstanding(), 100U);
}

TEST(FlowWindow, lets_the_shell_go_on_below_half_and_not_before) {
  FlowWindow window(100);
  window.produced(100);
  EXPECT_TRUE(window.acked(50, kNow));
  EXPECT_TRUE(window.paused());
  EXPECT_TRUE(window.acked(51, kNow));
  EXPECT_FALSE(window.paused());
  EXPECT_FALSE(window.produced(150));
  EXPECT_TRUE(window.produced(151));
}

TEST(FlowWindow, stays_paused_while_output_that_was_on_its_way_still_comes) {
  FlowWindow window(100);
  EXPECT_TRUE(window.produced(100));
  EXPECT_TRUE(window.produced(180));
  EXPECT_TRUE(window.acked(100, kNow));
  EXPECT_TRUE(window.paused());
  EXPECT_TRUE(window.produced(180));
  EXPECT_TRUE(window.acked(131, kNow));
  EXPECT_FALSE(window.paused());
}

TEST(FlowWindow, refuses_acks_that_lie) {
  FlowWindow window(100);
  window.produced(60);
  EXPECT_FALSE(window.acked(61, kNow));
  EXPECT_EQ(window.outstanding(), 60U);
  EXPECT_TRUE(window.acked(40, kNow));
  EXPECT_FALSE(window.acked(39, kNow));
  EXPECT_EQ(window.outstanding(), 20U);
}

TEST(FlowWindow, takes_the_same_ack_twice_and_one_that_skips_lost_ones) {
  FlowWindow window(100);
  window.produced(90);
  EXPECT_TRUE(window.acked(10, kNow));
  EXPECT_TRUE(window.acked(10, kNow));
  EXPECT_TRUE(window.acked(90, kNow));
  EXPECT_EQ(window.outstanding(), 0U);
}

TEST(FlowWindow, begins_anew_where_a_viewer_returns) {
  FlowWindow window(100);
  window.produced(500);
  EXPECT_TRUE(window.paused());
  window.restart(300);
  EXPECT_FALSE(window.paused());
  EXPECT_EQ(window.outstanding(), 0U);
  EXPECT_TRUE(window.produced(500));
  EXPECT_FALSE(window.acked(299, kNow));
  EXPECT_TRUE(window.acked(451, kNow));
  EXPECT_FALSE(window.paused());
}

TEST(FlowWindow, of_one_byte_still_lets_output_flow) {
  FlowWindow window(1);
  EXPECT_TRUE(window.produced(1));
  EXPECT_TRUE(window.acked(1, kNow));
  EXPECT_FALSE(window.paused());
}

// A browser that takes `rate` bytes a second, in pieces of 16 KiB and `away` from here, during a
// flood. Returns the window it gets in the end.
std::uint64_t window_for(FlowWindow& window, double rate, FlowWindow::Clock::duration away) {
  constexpr std::uint64_t kPiece = 16 * 1024;
  const std::chrono::duration<double> each(kPiece / rate);
  auto now = kNow;
  auto free = kNow;  // when the browser has done all it got
  struct Ack {
    std::uint64_t end;
    FlowWindow::Clock::time_point at;
  };
  std::deque<Ack> acks;
  std::uint64_t end = 0;
  for (int i = 0; i < 4000; ++i) {
    while (!window.paused()) {
      end += kPiece;
      window.produced(end);
      window.sent(end, now);
      free = std::max(free, now + away / 2) +
             std::chrono::duration_cast<FlowWindow::Clock::duration>(each);
      acks.push_back({end, free + away / 2});
    }
    now = acks.front().at;
    window.acked(acks.front().end, now);
    acks.pop_front();
  }
  return window.size();
}

TEST(FlowWindow, is_as_large_as_it_may_be_for_a_fast_browser) {
  FlowWindow window(256 * 1024);
  EXPECT_EQ(window_for(window, 100e6, 0ms), 256U * 1024);
}

TEST(FlowWindow, is_small_for_a_slow_browser_so_that_little_is_ahead_of_the_next_answer) {
  FlowWindow window(256 * 1024);
  const auto size = window_for(window, 5e6, 0ms);
  EXPECT_GE(size, 64U * 1024) << "enough to keep it busy";
  EXPECT_LE(size, 200U * 1024);
}

TEST(FlowWindow, is_large_enough_for_a_fast_browser_far_away) {
  FlowWindow window(1024 * 1024);
  // 5 MB/s over 100 ms: half a megabyte is on its way.
  EXPECT_GE(window_for(window, 5e6, 100ms), 500U * 1024);
}

TEST(FlowWindow, is_a_frame_or_two_for_the_slowest) {
  FlowWindow window(256 * 1024);
  EXPECT_LE(window_for(window, 100e3, 100ms), 64U * 1024);
}

TEST(FlowWindow, begins_small_and_begins_anew_for_whoever_comes_back) {
  FlowWindow window(256 * 1024);
  EXPECT_EQ(window.size(), FlowWindow::kFirst);
  EXPECT_TRUE(window.produced(FlowWindow::kFirst));
  window.restart(0);
  window_for(window, 1e6, 0ms);
  EXPECT_LE(window.size(), 64U * 1024);
  window.restart(0);
  EXPECT_EQ(window.size(), FlowWindow::kFirst);
  EXPECT_EQ(window_for(window, 100e6, 0ms), 256U * 1024) << "and grows when that one is quick";
}

}  // namespace
}  // namespace sallyport::terminal
