#include <gtest/gtest.h>

#include <array>
#include <type_traits>

#include "policy/grant.h"

namespace sallyport::policy {
namespace {

// Nobody but a Policy makes one.
static_assert(!std::is_default_constructible_v<Grant>);
static_assert(!std::is_constructible_v<Grant, Endpoint>);

Address address(std::string_view text) { return Address::parse(text).value(); }

std::vector<Rule> rules(std::initializer_list<const char*> texts) {
  std::vector<Rule> parsed;
  for (const char* text : texts) parsed.push_back(Rule::parse(text).value());
  return parsed;
}

bool allowed(const Policy& policy, const std::string& host, std::string_view to, unsigned port = 22,
             bool is_preset = false) {
  return !policy.decide(host, port, {address(to)}, is_preset).empty();
}

std::string why(const Policy& policy, std::string_view to, unsigned port = 22) {
  const Verdict verdict = policy.judge("x", {address(to), port}, false);
  return (verdict.allowed ? "allowed: " : "refused: ") + verdict.why;
}

TEST(Policy, without_rules_allows_every_host_but_this_machine) {
  const Policy policy({}, {});
  for (const char* to :
       {"10.0.0.5", "8.8.8.8", "fd00::3", "2001:db8::1", "169.253.255.255", "169.255.0.0",
        "1.0.0.0", "223.255.255.255", "fec0::1", "126.255.255.255", "128.0.0.0", "::2:0:0:1"}) {
    EXPECT_TRUE(allowed(policy, "x", to)) << to;
  }
}

constexpr std::array kLoopback{"127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1"};
// Ways through a translator to 127.0.0.1.
constexpr std::array kTranslatedLoopback{
    "64:ff9b::127.0.0.1",        "64:ff9b:1::127.0.0.1",        "64:ff9b:1:7f00:0:100::",
    "64:ff9b:1:7f:0:1::",        "64:ff9b:1:0:7f:0:100:0",      "2002:7f00:1::1",
    "2001:0:102:304::80ff:fffe", "::ffff:0:127.0.0.1",          "::127.0.0.1",
    "2001:db8::5efe:127.0.0.1",  "2001:db8::200:5efe:127.0.0.1"};

TEST(Policy, allows_loopback_only_where_it_is_named_by_address) {
  for (const auto& unnamed :
       {rules({}), rules({"*"}), rules({"*:22"}), rules({"localhost"}), rules({"0.0.0.0/0"}),
        rules({"::/0"}), rules({"126.0.0.0/7"}), rules({"::/127"}), rules({"10.0.0.0/8"})}) {
    for (const char* to : kLoopback) {
      EXPECT_FALSE(allowed(Policy({unnamed, {}}, {}), "localhost", to)) << to;
      EXPECT_TRUE(allowed(Policy({unnamed, {}}, {}), "localhost", to, 22, true)) << to << " preset";
    }
  }
  const Policy some({rules({"127.0.0.1:22", "*"}), {}}, {});
  EXPECT_TRUE(allowed(some, "localhost", "127.0.0.1"));
  EXPECT_TRUE(allowed(some, "localhost", "::ffff:127.0.0.1"));
  EXPECT_FALSE(allowed(some, "localhost", "127.0.0.1", 5432)) << "another port was not named";
  EXPECT_FALSE(allowed(some, "localhost", "127.0.0.2"));
  EXPECT_FALSE(allowed(some, "localhost", "::1"));
  const Policy all({rules({"127.0.0.0/8", "::1"}), {}}, {});
  for (const char* to : kLoopback) EXPECT_TRUE(allowed(all, "localhost", to, 5432)) << to;
  for (const char* to : kTranslatedLoopback) {
    EXPECT_FALSE(allowed(all, "x", to)) << to;
    EXPECT_FALSE(allowed(Policy({}, {}), "x", to)) << to;
    EXPECT_FALSE(allowed(Policy({}, {}), "x", to, 22, true)) << to << " preset";
  }
}

TEST(Policy, says_which_rule_decides) {
  const Policy policy({rules({"10.0.0.0/8:22", "127.0.0.1"}), rules({"10.9.0.0/16", "*:23"})},
                      {{address("10.0.0.1"), 22}});
  EXPECT_EQ(why(policy, "10.0.0.5"), "allowed: targets.allow has \"10.0.0.0/8:22\"");
  EXPECT_EQ(why(policy, "10.9.0.5"), "refused: targets.deny has \"10.9.0.0/16\"");
  EXPECT_EQ(why(policy, "10.0.0.5", 23), "refused: targets.deny has \"*:23\"");
  EXPECT_EQ(why(policy, "10.0.0.5", 2222), "refused: no rule of targets.allow matches it");
  EXPECT_EQ(why(policy, "10.0.0.1"), "refused: never a target: the gateway itself listens there");
  EXPECT_EQ(why(policy, "ff02::1"), "refused: never a target: multicast");
  EXPECT_EQ(why(policy, "127.0.0.1"), "allowed: targets.allow has \"127.0.0.1\"");
  EXPECT_NE(why(policy, "127.0.0.2").find("refused: loopback, which is allowed only where it is"),
            std::string::npos);
  EXPECT_EQ(why(policy, "64:ff9b::a09:5"),
            "refused: it stands for 10.9.0.5, and that is refused: targets.deny has "
            "\"10.9.0.0/16\"");
  EXPECT_EQ(why(policy, "64:ff9b::7f00:1"),
            "refused: it stands for 127.0.0.1, and that is loopback");
  EXPECT_EQ(why(Policy({}, {}), "10.0.0.5"),
            "allowed: targets.allow is empty, so every host is allowed");
  EXPECT_EQ(policy.judge("db-3", {address("192.0.2.1"), 22}, true).why, "[[hosts]] names it");
}

TEST(Policy, never_allows_metadata_link_local_multicast_broadcast_or_unspecified_addresses) {
  const Policy open({}, {});
  const Policy eager({rules({"*", "0.0.0.0/0", "::/0"}), {}}, {});
  for (const char* to : {"0.0.0.0",
                         "0.1.2.3",
                         "::",
                         "169.254.169.254",
                         "169.254.0.1",
                         "::ffff:169.254.169.254",
                         "fe80::1",
                         "febf::1",
                         "fd00:ec2::254",
                         "fd00:ec2::23",
                         "fd00:42::42",
                         "fd20:ce::254",
                         "100.100.100.200",
                         "192.0.0.192",
                         "168.63.129.16",
                         "224.0.0.1",
                         "239.255.255.255",
                         "ff02::1",
                         "255.255.255.255",
                         "64:ff9b::a9fe:a9fe",
                         "2002:a9fe:a9fe::1",
                         "::169.254.169.254",
                         "2001:0:102:304::5601:5601",
                         "64:ff9b:1:a9fe:a9:fe00::",
                         "64:ff9b:1::a9fe:a9fe",
                         "fd00::5efe:a9fe:a9fe",
                         "::ffff:0:a9fe:a9fe",
                         "64:ff9b::0.0.0.0"}) {
    EXPECT_FALSE(allowed(open, "x", to)) << to;
    EXPECT_FALSE(allowed(eager, "x", to)) << to;
    EXPECT_FALSE(allowed(open, "x", to, 22, true)) << to << " as a preset";
  }
}

TEST(Policy, never_allows_the_gateways_own_listener) {
  const Rules named{rules({"127.0.0.0/8", "::1"}), {}};
  const Policy one(named, {{address("127.0.0.1"), 8022}});
  EXPECT_FALSE(allowed(one, "localhost", "127.0.0.1", 8022));
  EXPECT_FALSE(allowed(one, "localhost", "::ffff:127.0.0.1", 8022));
  EXPECT_FALSE(allowed(one, "localhost", "127.0.0.1", 8022, true));
  EXPECT_TRUE(allowed(one, "localhost", "127.0.0.1", 22));
  EXPECT_TRUE(allowed(one, "localhost", "127.0.0.2", 8022));
  for (const char* every : {"0.0.0.0", "::"}) {
    const Policy all(named, {{address(every), 8022}});
    for (const char* to : {"127.0.0.1", "127.9.9.9", "::1"}) {
      EXPECT_FALSE(allowed(all, "localhost", to, 8022)) << every << " " << to;
      EXPECT_TRUE(allowed(all, "localhost", to, 22)) << every << " " << to;
    }
  }
}

TEST(Policy, with_allow_rules_allows_only_what_one_of_them_matches) {
  const Policy policy({rules({"*.corp:22", "10.1.0.0/16"}), {}}, {});
  EXPECT_TRUE(allowed(policy, "db-3.corp", "192.168.0.1"));
  EXPECT_FALSE(allowed(policy, "db-3.corp", "192.168.0.1", 23));
  EXPECT_TRUE(allowed(policy, "other", "10.1.2.3", 2222));
  EXPECT_FALSE(allowed(policy, "other", "10.2.2.3"));
  EXPECT_TRUE(allowed(policy, "preset", "10.2.2.3", 22, true))
      << "a preset counts as an allow rule";
}

TEST(Policy, lets_deny_rules_win_over_allow_rules_and_presets) {
  const Policy policy({rules({"*"}), rules({"10.0.0.5", "*.secret", "127.0.0.0/8", "*:23"})}, {});
  EXPECT_FALSE(allowed(policy, "db-3", "10.0.0.5"));
  EXPECT_FALSE(allowed(policy, "db-3", "10.0.0.5", 22, true));
  EXPECT_FALSE(allowed(policy, "db-3", "64:ff9b::10.0.0.5")) << "through a translator";
  EXPECT_FALSE(allowed(policy, "vault.Secret.", "10.0.0.6"));
  EXPECT_FALSE(allowed(policy, "localhost", "127.0.0.1"));
  EXPECT_FALSE(allowed(policy, "db-3", "10.0.0.6", 23));
  EXPECT_TRUE(allowed(policy, "db-3", "10.0.0.6"));
}

TEST(Policy, grants_those_of_several_addresses_that_may_be_dialled_in_their_order) {
  const Policy policy({{}, rules({"10.0.0.0/8"})}, {});
  const auto grants = policy.decide("db-3", 22,
                                    {address("2001:db8::1"), address("10.0.0.5"),
                                     address("169.254.169.254"), address("192.0.2.7")},
                                    false);
  ASSERT_EQ(grants.size(), 2U);
  EXPECT_EQ(grants[0].endpoint(), (Endpoint{address("2001:db8::1"), 22}));
  EXPECT_EQ(grants[1].endpoint(), (Endpoint{address("192.0.2.7"), 22}));
  EXPECT_TRUE(policy.decide("db-3", 22, {}, false).empty());
}

TEST(Policy, grants_no_port_that_is_none) {
  const Policy policy({}, {});
  EXPECT_FALSE(allowed(policy, "x", "10.0.0.5", 0));
  EXPECT_FALSE(allowed(policy, "x", "10.0.0.5", 65536));
}

}  // namespace
}  // namespace sallyport::policy
