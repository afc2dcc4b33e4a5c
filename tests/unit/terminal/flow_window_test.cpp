#include "terminal/flow_window.h"

#include <gtest/gtest.h>

namespace sallyport::terminal {
namespace {

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
  EXPECT_TRUE(window.acked(50));
  EXPECT_TRUE(window.paused());
  EXPECT_TRUE(window.acked(51));
  EXPECT_FALSE(window.paused());
  EXPECT_FALSE(window.produced(150));
  EXPECT_TRUE(window.produced(151));
}

TEST(FlowWindow, stays_paused_while_output_that_was_on_its_way_still_comes) {
  FlowWindow window(100);
  EXPECT_TRUE(window.produced(100));
  EXPECT_TRUE(window.produced(180));
  EXPECT_TRUE(window.acked(100));
  EXPECT_TRUE(window.paused());
  EXPECT_TRUE(window.produced(180));
  EXPECT_TRUE(window.acked(131));
  EXPECT_FALSE(window.paused());
}

TEST(FlowWindow, refuses_acks_that_lie) {
  FlowWindow window(100);
  window.produced(60);
  EXPECT_FALSE(window.acked(61));
  EXPECT_EQ(window.outstanding(), 60U);
  EXPECT_TRUE(window.acked(40));
  EXPECT_FALSE(window.acked(39));
  EXPECT_EQ(window.outstanding(), 20U);
}

TEST(FlowWindow, takes_the_same_ack_twice_and_one_that_skips_lost_ones) {
  FlowWindow window(100);
  window.produced(90);
  EXPECT_TRUE(window.acked(10));
  EXPECT_TRUE(window.acked(10));
  EXPECT_TRUE(window.acked(90));
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
  EXPECT_FALSE(window.acked(299));
  EXPECT_TRUE(window.acked(451));
  EXPECT_FALSE(window.paused());
}

TEST(FlowWindow, of_one_byte_still_lets_output_flow) {
  FlowWindow window(1);
  EXPECT_TRUE(window.produced(1));
  EXPECT_TRUE(window.acked(1));
  EXPECT_FALSE(window.paused());
}

}  // namespace
}  // namespace sallyport::terminal
