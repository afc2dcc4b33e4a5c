#include <gtest/gtest.h>

#include "policy/rules.h"

namespace sallyport::policy {
namespace {

TEST(Rule, matches_names_as_typed_and_addresses_as_resolved) {
  struct Row {
    const char* rule;
    const char* host;
    const char* address;
    unsigned port;
    bool matches;
  };
  for (const Row& row : {
           Row{"*", "anything", "10.0.0.5", 1, true},
           Row{"*:22", "anything", "::1", 22, true},
           Row{"*:22", "anything", "::1", 23, false},
           Row{"*.corp", "db-3.corp", "10.0.0.5", 22, true},
           Row{"*.corp", "a.b.corp", "10.0.0.5", 22, true},
           Row{"*.corp", "corp", "10.0.0.5", 22, false},
           Row{"*.corp", "db-3.corp.example", "10.0.0.5", 22, false},
           Row{"*.corp", "DB-3.CORP", "10.0.0.5", 22, true},
           Row{"*.CORP", "db-3.corp", "10.0.0.5", 22, true},
           Row{"*.corp", "db-3.corp.", "10.0.0.5", 22, true},
           Row{"*.corp.", "db-3.corp", "10.0.0.5", 22, true},
           Row{"db-?.corp:22", "db-3.corp", "10.0.0.5", 22, true},
           Row{"db-?.corp:22", "db-33.corp", "10.0.0.5", 22, false},
           Row{"db-?.corp:22", "db-3.corp", "10.0.0.5", 2222, false},
           Row{"db-3", "db-3", "10.0.0.5", 22, true},
           Row{"db-3", "db-33", "10.0.0.5", 22, false},
           Row{"a*b*c", "aXbXbXc", "10.0.0.5", 22, true},
           Row{"a*b*c", "aXbXbX", "10.0.0.5", 22, false},
           Row{"10.0.0.0/8", "db-3.corp", "10.9.9.9", 22, true},
           Row{"10.0.0.0/8", "10.0.0.5", "192.168.0.1", 22, false},
           Row{"10.0.0.5:22", "x", "10.0.0.5", 22, true},
           Row{"10.0.0.5:22", "x", "10.0.0.5", 23, false},
           Row{"10.0.0.0/8:22", "x", "10.0.0.5", 22, true},
           Row{"10.0.0.0/8:22", "x", "10.0.0.5", 23, false},
           Row{"127.0.0.1", "x", "::ffff:127.0.0.1", 22, true},
           Row{"[fd00::]/8", "x", "fd12::1", 22, true},
           Row{"[fd00::]/8:22", "x", "fd12::1", 23, false},
           Row{"[fd00::3]:2222", "x", "fd00::3", 2222, true},
           Row{"fd00::3", "x", "fd00::3", 2222, true},
           Row{"::1", "x", "::1", 22, true},
           Row{"*.中文", "主机.中文", "10.0.0.5", 22, true},
       }) {
    const auto rule = Rule::parse(row.rule);
    ASSERT_TRUE(rule.has_value()) << rule.error();
    EXPECT_EQ(rule->text(), row.rule);
    EXPECT_EQ(rule->matches(row.host, *Address::parse(row.address), row.port), row.matches)
        << row.rule << " " << row.host << " " << row.address << " " << row.port;
  }
}

TEST(Rule, says_what_is_wrong_with_it) {
  struct Row {
    const char* rule;
    const char* part_of_error;
  };
  for (const Row& row : {
           Row{"", "is an address, a network or a host name"},
           Row{"db 3", "is an address, a network or a host name"},
           Row{"db-3;x", "is an address, a network or a host name"},
           Row{":22", "is an address, a network or a host name"},
           Row{"db-3:0", "port of \"db-3:0\" must be 1 to 65535"},
           Row{"db-3:65536", "must be 1 to 65535"},
           Row{"db-3:ssh", "must be 1 to 65535"},
           Row{"db-3:", "must be 1 to 65535"},
           Row{"10.0.*", "would match names, not addresses"},
           Row{"10.0.0.300", "would match names, not addresses"},
           Row{"127.1", "would match names, not addresses"},
           Row{"10.0.0.5/8", "write 10.0.0.0/8"},
           Row{"10.0.0.0/40", "must be 0 to 32"},
           Row{"[fd00::", "is not an address or a network"},
           Row{"https://db-3", "must be 1 to 65535"},
       }) {
    const auto rule = Rule::parse(row.rule);
    ASSERT_FALSE(rule.has_value()) << row.rule;
    EXPECT_NE(rule.error().find(row.part_of_error), std::string::npos) << rule.error();
  }
  EXPECT_FALSE(Rule::parse(std::string(1000, 'a')).has_value());
}

TEST(Rule, with_many_stars_takes_no_long_time) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*a";
  const auto rule = Rule::parse(pattern + "b");
  ASSERT_TRUE(rule.has_value());
  EXPECT_FALSE(rule->matches(std::string(255, 'a'), Address{}, 22));
}

}  // namespace
}  // namespace sallyport::policy
