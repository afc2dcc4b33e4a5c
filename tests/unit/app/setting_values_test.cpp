#include "app/setting_values.h"

#include <gmock/gmock.h>

namespace sallyport::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Listen, TakesAddressAndPort) {
  const struct {
    std::string_view text, address;
    unsigned port;
  } good[] = {{"127.0.0.1:8022", "127.0.0.1", 8022},
              {"[::1]:8022", "::1", 8022},
              {"[::]:0", "::", 0},
              {"0.0.0.0:65535", "0.0.0.0", 65535},
              {"localhost:80", "127.0.0.1", 80}};
  for (const auto& row : good) {
    const auto parsed = parse_listen(row.text);
    ASSERT_TRUE(parsed) << row.text << ": " << parsed.error();
    EXPECT_EQ(parsed->address, row.address);
    EXPECT_EQ(parsed->port, row.port);
  }
}

TEST(Listen, SaysWhatIsWrong) {
  const struct {
    std::string_view text, why;
  } bad[] = {{"8022", "\"8022\" has no port"},
             {":8022", "has no address"},
             {"", "has no port"},
             {"127.0.0.1:", "has no port between 0 and 65535"},
             {"127.0.0.1:70000", "has no port between 0 and 65535"},
             {"127.0.0.1:-1", "has no port between 0 and 65535"},
             {"::1:8022", "is an IPv6 address without its brackets"},
             {"[127.0.0.1]:8022", "does not begin with an IP address"},
             {"[::1:8022", "is an IPv6 address without its brackets"},
             {"ssh.example.org:8022", "does not begin with an IP address"},
             {"127.1:8022", "does not begin with an IP address"},
             {"http://127.0.0.1:8022", "without its brackets"}};
  for (const auto& row : bad) {
    const auto parsed = parse_listen(row.text);
    ASSERT_FALSE(parsed) << row.text;
    EXPECT_THAT(parsed.error(), HasSubstr(row.why));
    EXPECT_THAT(parsed.error(), HasSubstr("write ADDRESS:PORT, such as 127.0.0.1:8022"));
  }
}

TEST(Listen, KnowsLoopback) {
  for (const auto* address : {"127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback(address)) << address;
  }
  for (const auto* address : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "::2", "fd00::1", ""}) {
    EXPECT_FALSE(is_loopback(address)) << address;
  }
}

TEST(Listen, IsReachedOnItsLoopbackWhereItIsAWildcard) {
  EXPECT_EQ(reachable_address("0.0.0.0"), "127.0.0.1");
  EXPECT_EQ(reachable_address("::"), "::1");
  EXPECT_EQ(reachable_address("0:0:0:0:0:0:0:0"), "::1");
  EXPECT_EQ(reachable_address("10.0.0.5"), "10.0.0.5");
  EXPECT_EQ(reachable_address("fd00::1"), "fd00::1");
}

TEST(Origin, IsWhatABrowserSends) {
  const std::pair<std::string_view, std::string_view> good[] = {
      {"https://ssh.example.org", "https://ssh.example.org"},
      {"HTTPS://SSH.Example.org", "https://ssh.example.org"},
      {"https://ssh.example.org:443", "https://ssh.example.org"},
      {"http://ssh.example.org:80", "http://ssh.example.org"},
      {"https://ssh.example.org:8443", "https://ssh.example.org:8443"},
      {"http://[::1]:8022", "http://[::1]:8022"},
      {"http://10.0.0.5", "http://10.0.0.5"}};
  for (const auto& [text, origin] : good) {
    const auto parsed = parse_origin(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error();
    EXPECT_EQ(*parsed, origin);
  }
}

TEST(Origin, SaysWhatIsWrong) {
  const std::pair<std::string_view, std::string_view> bad[] = {
      {"ssh.example.org", "has no https:// or http://"},
      {"null", "has no https:// or http://"},
      {"*", "has no https:// or http://"},
      {"https://ssh.example.org.", "is no origin"},
      {"wss://ssh.example.org", "is no origin"},
      {"https://*.example.org", "has a wildcard"},
      {"https://ssh.example.org/", "goes on after the host"},
      {"https://ssh.example.org/ssh", "goes on after the host"},
      {"https://", "is no origin"},
      {"https://:443", "is no origin"},
      {"https://ana@ssh.example.org", "is no origin"},
      {"https://ssh.example.org:0", "is no origin"},
      {"https://ssh.example.org:https", "is no origin"},
      {"https://[::1", "is no origin"},
      {"https://[nonsense]", "is no origin"},
      {"https://a b", "is no origin"}};
  for (const auto& [text, why] : bad) {
    const auto parsed = parse_origin(text);
    ASSERT_FALSE(parsed) << text << " became " << *parsed;
    EXPECT_THAT(parsed.error(), HasSubstr(why)) << text;
    EXPECT_THAT(parsed.error(), HasSubstr("such as https://ssh.example.org"));
  }
}

TEST(Bytes, TakeUnits) {
  EXPECT_EQ(parse_bytes("4096", 1, 1 << 30), 4096U);
  EXPECT_EQ(parse_bytes("256KiB", 1, 1 << 30), 256U * 1024);
  EXPECT_EQ(parse_bytes("256 KiB", 1, 1 << 30), 256U * 1024);
  EXPECT_EQ(parse_bytes("1MiB", 1, 1 << 30), 1024U * 1024);
  EXPECT_EQ(parse_bytes("1GiB", 1, 1ULL << 30), 1ULL << 30);
  for (const auto* text : {"", "KiB", "1.5MiB", "-1", "256kb", "1KiBs", "0x10", " 1",
                           "99999999999999999999", "99999999999999999GiB"}) {
    const auto parsed = parse_bytes(text, 0, UINT64_MAX);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error(), HasSubstr("write bytes, or a number with KiB, MiB or GiB"));
  }
  EXPECT_EQ(parse_bytes("1KiB", 2048, 1 << 20).error(), "\"1KiB\" is not between 2KiB and 1MiB");
}

TEST(Durations, CarryTheirUnit) {
  EXPECT_EQ(parse_duration("500ms", 1ms, 1h), 500ms);
  EXPECT_EQ(parse_duration("10s", 1ms, 1h), 10s);
  EXPECT_EQ(parse_duration("2m", 1ms, 1h), 2min);
  EXPECT_EQ(parse_duration("1h", 1ms, 1h), 1h);
  for (const auto* text : {"", "10", "s", "1.5s", "-1s", "10 parsecs", "99999999999999999999h"}) {
    const auto parsed = parse_duration(text, 0ms, 24h);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error(), HasSubstr("is not a time: write a number with ms, s, m or h"));
  }
  EXPECT_EQ(parse_duration("5h", 1s, 1h).error(), "\"5h\" is not between 1s and 1h");
  EXPECT_EQ(parse_duration("9223372036854775808ms", 1s, 1h).error(),
            "\"9223372036854775808ms\" is not between 1s and 1h");
}

TEST(Values, AreShownAsTheyAreRead) {
  for (const auto* text : {"500ms", "10s", "2m", "1h", "90s", "1500ms"}) {
    EXPECT_EQ(show_duration(*parse_duration(text, 1ms, 24h)), text);
  }
  EXPECT_EQ(show_duration(0ms), "0s");
  for (const auto* text : {"1B", "16KiB", "1MiB", "1GiB", "1025B"}) {
    EXPECT_EQ(show_bytes(*parse_bytes(text, 1, 1ULL << 40)), text);
  }
}

TEST(Quotes, KeepALineALine) {
  EXPECT_EQ(in_quotes("a\nb\x1b[31m"), "\"a?b?[31m\"");
  EXPECT_EQ(in_quotes(std::string(200, 'x')), "\"" + std::string(80, 'x') + "…\"");
}

TEST(Lists, AreSeparatedByCommas) {
  EXPECT_EQ(split_list(" a, b ,,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(split_list("").empty());
  EXPECT_TRUE(split_list(" , ").empty());
}

}  // namespace
}  // namespace sallyport::app
