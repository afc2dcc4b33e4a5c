#include "policy/login_brakes.h"

#include <gtest/gtest.h>

#include "policy/headcount.h"

namespace sallyport::policy {
namespace {

using namespace std::chrono_literals;

const Clock::time_point kStart{1h};
const Endpoint kHost{Address::v4({10, 0, 0, 5}), 22};
const Endpoint kOther{Address::v4({10, 0, 0, 6}), 22};

TEST(LoginBrakes, slow_a_client_down_whatever_it_tries) {
  LoginBrakes brakes({.free = 3});
  for (int i = 0; i < 3; ++i) brakes.failed({"c", kHost, "user" + std::to_string(i)}, kStart);
  EXPECT_EQ(brakes.begin({"c", kOther, "ana"}, kStart), 1s);
  EXPECT_EQ(brakes.begin({"d", kOther, "ana"}, kStart), 0s);
}

TEST(LoginBrakes, slow_guesses_at_an_account_from_many_clients) {
  LoginBrakes brakes({.free = 3});
  for (const char* client : {"a", "b", "c"}) brakes.failed({client, kHost, "ana"}, kStart);
  EXPECT_EQ(brakes.begin({"a", kHost, "ana"}, kStart), 1s);
  EXPECT_EQ(brakes.begin({"a", kHost, "bob"}, kStart), 0s);
  EXPECT_EQ(brakes.begin({"a", kOther, "ana"}, kStart), 0s);
}

TEST(LoginBrakes, slow_guesses_at_a_target_from_many_clients_at_many_accounts) {
  LoginBrakes brakes({.free = 3});
  for (int i = 0; i < 12; ++i) {
    brakes.failed({"c" + std::to_string(i), kHost, "u" + std::to_string(i)}, kStart);
  }
  EXPECT_EQ(brakes.begin({"c1", kHost, "somebody"}, kStart), 1s);
  EXPECT_EQ(brakes.begin({"c1", kOther, "somebody"}, kStart), 0s);
}

TEST(LoginBrakes, never_hold_up_who_has_not_failed) {
  LoginBrakes brakes({.free = 1});
  for (int i = 0; i < 1000; ++i) brakes.failed({"attacker", kHost, "ana"}, kStart);
  EXPECT_EQ(brakes.begin({"attacker", kHost, "ana"}, kStart), 30s);
  EXPECT_EQ(brakes.begin({"ana's own", kHost, "ana"}, kStart), 0s);
  EXPECT_EQ(brakes.begin({"ana's own", kHost, "ana"}, kStart), 0s) << "nor a second time";
  brakes.failed({"ana's own", kHost, "ana"}, kStart);
  EXPECT_EQ(brakes.begin({"ana's own", kHost, "ana"}, kStart), 30s) << "a guess is a guess";
  EXPECT_EQ(brakes.begin({"ana's own", kHost, "ana"}, kStart + 30s), 0s) << "but never for good";
}

TEST(LoginBrakes, hold_only_the_account_where_the_client_is_not_known) {
  LoginBrakes brakes({.free = 1});
  for (int i = 0; i < 100; ++i) brakes.failed({"", kHost, "u" + std::to_string(i)}, kStart);
  EXPECT_EQ(brakes.begin({"", kHost, "ana"}, kStart), 0s);
  EXPECT_EQ(brakes.begin({"", kHost, "u1"}, kStart), 1s);
}

TEST(LoginBrakes, give_one_turn_at_a_time) {
  LoginBrakes brakes({.free = 1});
  brakes.failed({"c", kHost, "ana"}, kStart);
  const auto later = kStart + 1s;
  EXPECT_EQ(brakes.begin({"c", kHost, "ana"}, later), 0s);
  EXPECT_EQ(brakes.begin({"c", kHost, "ana"}, later), 1s);
}

TEST(ClientKey, is_an_ipv4_address_or_the_64_bits_that_a_customer_has) {
  const auto key = [](std::string_view text) { return client_key(*Address::parse(text)); };
  EXPECT_EQ(key("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(key("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::"));
  EXPECT_NE(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
}

TEST(Headcount, keeps_both_limits_and_takes_places_back) {
  Headcount count(3, 2);
  auto first = count.take("a");
  const auto second = count.take("a");
  EXPECT_TRUE(first.place && second.place);
  EXPECT_EQ(count.take("a").full, Headcount::Full::kOfClient);
  const auto third = count.take("b");
  EXPECT_EQ(count.take("c").full, Headcount::Full::kInAll);
  EXPECT_EQ(count.size(), 3U);
  first.place.reset();
  EXPECT_TRUE(count.take("a").place);
  EXPECT_EQ(count.size(), 2U) << "and that one went at once";
}

TEST(Headcount, holds_who_is_not_known_to_the_limit_in_all_only) {
  Headcount count(3, 1);
  const auto first = count.take("");
  const auto second = count.take("");
  const auto third = count.take("");
  EXPECT_TRUE(first.place && second.place && third.place);
  EXPECT_EQ(count.take("").full, Headcount::Full::kInAll);
}

TEST(Headcount, may_go_before_its_places) {
  Headcount::Place place;
  {
    Headcount count(1, 1);
    place = count.take("a").place;
  }
  place.reset();
}

}  // namespace
}  // namespace sallyport::policy
