#include "policy/brake.h"

#include <gtest/gtest.h>

namespace sallyport::policy {
namespace {

using namespace std::chrono_literals;

const Clock::time_point kStart{1h};

TEST(Brake, lets_the_first_failures_pass_and_then_doubles_the_delay_up_to_its_limit) {
  Brake brake({.free = 3});
  auto now = kStart;
  for (const auto expected : {0s, 0s, 1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}) {
    brake.failed("a", now);
    EXPECT_EQ(brake.wait("a", now), expected);
    now += expected;
    EXPECT_EQ(brake.wait("a", now), 0s) << "nobody waits longer than was said";
  }
  EXPECT_EQ(brake.wait("b", now), 0s);
}

TEST(Brake, gives_one_turn_at_a_time_to_who_is_braked) {
  Brake brake({.free = 1});
  brake.failed("a", kStart);
  const auto later = kStart + 1s;
  ASSERT_EQ(brake.wait("a", later), 0s);
  brake.begin("a", later);
  EXPECT_EQ(brake.wait("a", later), 1s) << "a second try beside it";
  brake.begin("b", later);
  EXPECT_EQ(brake.wait("b", later), 0s) << "who never failed has no turns to wait for";
}

TEST(Brake, forgets_after_a_while_without_failures) {
  Brake brake({.free = 1, .forget = 10min});
  for (int i = 0; i < 20; ++i) brake.failed("a", kStart);
  EXPECT_EQ(brake.wait("a", kStart), 30s);
  EXPECT_FALSE(brake.clean("a", kStart + 10min - 1ms));
  EXPECT_TRUE(brake.clean("a", kStart + 10min));
  EXPECT_EQ(brake.size(), 0U);
  brake.failed("a", kStart + 10min);
  EXPECT_EQ(brake.wait("a", kStart + 10min), 1s) << "and begins anew";
}

TEST(Brake, remembers_no_more_than_its_keys_whoever_comes) {
  Brake brake({.free = 1, .keys = 100});
  brake.failed("often", kStart);
  for (int i = 0; i < 100'000; ++i) {
    brake.failed(std::to_string(i), kStart);
    if (i % 50 == 0) brake.failed("often", kStart);
    ASSERT_LE(brake.size(), 100U);
  }
  EXPECT_EQ(brake.wait("often", kStart), 30s) << "who fails on and on is not the oldest";
  EXPECT_TRUE(brake.clean("0", kStart));
}

TEST(Brake, is_off_without_a_delay) {
  Brake brake({.free = 0, .most = 0ms});
  for (int i = 0; i < 50; ++i) brake.failed("a", kStart);
  EXPECT_EQ(brake.wait("a", kStart), 0s);
}

}  // namespace
}  // namespace sallyport::policy
