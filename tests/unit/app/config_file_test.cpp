#include "app/config_file.h"

#include <gmock/gmock.h>

#include "places.h"

namespace sallyport::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> problems_of(const std::string& toml) {
  return lines(parse_config(toml, "c.toml").problems);
}

constexpr std::string_view kHost = "[[hosts]]\nname = \"db\"\naddress = \"db-3\"\nuser = \"ana\"\n";

TEST(ConfigFile, SaysWhatIsWrongAndWhere) {
  const struct {
    std::string toml, line;
  } rows[] = {
      // unknown, with what is near
      {"listn = \"127.0.0.1:1\"", "c.toml:1: listn is not a setting. Did you mean listen?"},
      {"\n\n[targets]\nalow = []",
       "c.toml:4: targets.alow is not a setting. Did you mean targets.allow?"},
      {"allow = []", "c.toml:1: allow is not a setting. Did you mean targets.allow?"},
      {"[target]\nallow = []", "c.toml:1: target is not a setting."},
      {"[timeouts]\nconect = \"1s\"",
       "c.toml:2: timeouts.conect is not a setting. Did you mean timeouts.connect?"},
      {"host_key = \"ask\"", "c.toml:1: host_key is not a setting. Did you mean host_keys?"},
      {"[[host]]\nname = \"x\"", "c.toml:1: host is not a setting. Did you mean hosts?"},
      {"colour = \"blue\"", "c.toml:1: colour is not a setting."},
      // secrets
      {"password = \"hunter2\"",
       "c.toml:1: password is not a setting. Sallyport keeps no secret in its configuration: the "
       "user types it into the page, or a host has an identity_file."},
      // the wrong type
      {"listen = 8022",
       "c.toml:1: listen must be a text, such as \"[::1]:8443\"; this is a number"},
      {"known_hosts = []",
       "c.toml:1: known_hosts must be a text, such as \"/var/lib/sallyport/known_hosts\"; this is "
       "a list"},
      {"threads = \"4\"", "c.toml:1: threads must be a number, such as 4; this is a text"},
      {"threads = 1.5", "c.toml:1: threads must be a number, such as 4; this is a decimal number"},
      {"[session]\nlog = true",
       "c.toml:2: session.log must be a size, such as \"4MiB\"; this is true or false"},
      {"[timeouts]\nconnect = 10",
       "c.toml:2: timeouts.connect must be a time with its unit, such as \"3s\"; this is a number"},
      {"[timeouts]\nconnect = 10:00:00",
       "c.toml:2: timeouts.connect must be a time with its unit, such as \"3s\"; this is a date or "
       "time"},
      {"[targets]\ndeny = \"10.0.0.0/8\"",
       "c.toml:2: targets.deny must be a list of texts, such as [\"10.9.0.0/16\", "
       "\"db-*.corp.example\"]; this is a text"},
      {"[targets]\ndeny = [\n  \"10.0.0.0/8\",\n  7,\n]",
       "c.toml:4: targets.deny must be a list of texts, such as [\"10.9.0.0/16\", "
       "\"db-*.corp.example\"]; one of them is a number"},
      {"targets = \"10.0.0.0/8\"",
       "c.toml:1: targets is a table: write [targets] and its settings below it"},
      {"[listen]\nport = 1",
       "c.toml:1: listen must be a text, such as \"[::1]:8443\"; this is a table"},
      // hosts
      {"[hosts]\nname = \"db\"",
       "c.toml:1: hosts is a list of tables: write [[hosts]], in two brackets, before each host"},
      {"[[hosts]]\naddress = \"db-3\"\nuser = \"ana\"",
       "c.toml:1: this host has no name: write name = a short text"},
      {std::string(kHost) + "prot = 22",
       "c.toml:5: prot is not a setting of a host. Did you mean port?"},
      {std::string(kHost) + "password = \"hunter2\"",
       "c.toml:5: password is not a setting of a host. Sallyport keeps no secret in its "
       "configuration: the user types it into the page, or a host has an identity_file."},
      {std::string(kHost) + "port = 0",
       "c.toml:5: port must be a number from 1 to 65535, such as 22"},
      {std::string(kHost) + "port = \"22\"",
       "c.toml:5: port must be a number from 1 to 65535, such as 22"},
      {"[[hosts]]\nname = \"\"\naddress = \"db-3\"\nuser = \"ana\"",
       "c.toml:2: name must be a text in quotes, and not empty"},
      {"[[hosts]]\nname = \"db\"\naddress = \"ana@db-3\"\nuser = \"ana\"",
       "c.toml:3: address \"ana@db-3\" holds a user: write it as user = and the host alone here"},
      {"[[hosts]]\nname = \"db\"\naddress = \"db-3:22\"\nuser = \"ana\"",
       "c.toml:3: address \"db-3:22\" holds a port: write it as port ="},
      {"[[hosts]]\nname = \"db\"\naddress = \"[::1]\"\nuser = \"ana\"",
       "c.toml:3: address \"[::1]\" needs no brackets here"},
      {"[[hosts]]\nname = \"db\"\naddress = \"ssh://db-3\"\nuser = \"ana\"",
       "c.toml:3: address \"ssh://db-3\" is not a host name or an IP address"},
      {std::string(kHost) + std::string(kHost),
       "c.toml:5: there is already a host named \"db\", at line 1; users choose by name, so each "
       "has its own"},
      {std::string(kHost) + "identity_file = \"\"\"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\"\"\"",
       "c.toml:5: identity_file must name a file, and this is a key itself. Sallyport keeps no "
       "secret in its configuration: the user types it into the page, or a host has an "
       "identity_file."},
      {std::string(kHost) + "clipboard = \"yes\"",
       "c.toml:5: clipboard: \"yes\" is not one of: ask, allow, never"},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(problems_of(row.toml), ElementsAre(row.line)) << row.toml;
  }
}

TEST(ConfigFile, NamesTheLineThatIsNotToml) {
  for (const auto& [toml, where] :
       {std::pair{"threads = 1\nlisten = \"127", "c.toml:2: "},
        std::pair{"threads = 1\nthreads = 2\n", "c.toml:2: "}, std::pair{"a\nb", "c.toml:1: "},
        std::pair{"x = \"\xff\"", "c.toml:1: "}}) {
    EXPECT_THAT(problems_of(toml),
                ElementsAre(StartsWith(where + std::string("this is not TOML: "))))
        << toml;
  }
}

TEST(ConfigFile, NamesTheLineWhereTheParserItselfBreaks) {
  for (const std::string line : {"[[=", "[{hosts]]", "[[[a]]]", "[[[1]]]"}) {
    for (const std::string after : {"", "\n", "\nthreads = 1\n\n"}) {
      EXPECT_THAT(problems_of("threads = 1\n\n" + line + after),
                  ElementsAre(StartsWith("c.toml:3: this is not TOML: ")))
          << line;
      EXPECT_THAT(problems_of(line + after),
                  ElementsAre(StartsWith("c.toml:1: this is not TOML: ")));
    }
  }
}

TEST(ConfigFile, TakesLettersBeyondAsciiInQuotesAndComments) {
  const ConfigFile config = parse_config(
      "\xEF\xBB\xBF# ключ \"中\n[[hosts]] # é\nname = \"数据库 \\\" é\" # ü\naddress = 'é'\nuser = "
      "\"ana\"\n",
      "c.toml");
  EXPECT_THAT(lines(config.problems), IsEmpty());
  ASSERT_EQ(config.hosts.size(), 1U);
  EXPECT_EQ(config.hosts.front().preset.name, "数据库 \" é");
  for (const std::string toml :
       {"a = 1\nключ = 1", "a = 1\n[[hosњ]]", "a = 1\nb = é", "a = 1\nb = \"x\" é"}) {
    EXPECT_THAT(
        problems_of(toml),
        ElementsAre("c.toml:2: this is not TOML: a letter beyond ASCII must stand in quotes"));
  }
}

TEST(ConfigFile, KeepsAProblemOnOneLine) {
  EXPECT_THAT(problems_of("\"a\\nb\" = 1"), ElementsAre("c.toml:1: a?b is not a setting."));
}

TEST(ConfigFile, NamesAllProblemsInTheOrderOfTheLines) {
  EXPECT_THAT(
      problems_of("threads = \"x\"\nlisten = 1\n[targets]\nzebra = 1\nallow = 2\n"),
      ElementsAre(StartsWith("c.toml:1: threads"), StartsWith("c.toml:2: listen"),
                  StartsWith("c.toml:4: targets.zebra"), StartsWith("c.toml:5: targets.allow")));
}

TEST(ConfigFile, NeverShowsWhatLooksSecret) {
  for (const std::string place : {"", "[targets]\n", "[[hosts]]\n"}) {
    for (const auto* name : {"password", "passphrase", "token", "private_key", "secret"}) {
      for (const auto& line : problems_of(place + name + " = \"hunter2\"")) {
        EXPECT_THAT(line, Not(HasSubstr("hunter2")));
      }
    }
  }
}

TEST(ConfigFile, ReadsHosts) {
  const ConfigFile config = parse_config(
      "[[hosts]]\nname = \"demo\"\naddress = \"::1\"\nport = 2222\nuser = \"ana\"\n"
      "identity_file = \"keys/demo\"\nclipboard = \"never\"\n" +
          std::string(kHost),
      "/etc/sallyport/c.toml");
  ASSERT_THAT(lines(config.problems), IsEmpty());
  ASSERT_EQ(config.hosts.size(), 2U);
  const auto& demo = config.hosts.front();
  EXPECT_EQ(demo.preset.name, "demo");
  EXPECT_EQ(demo.preset.address, "::1");
  EXPECT_EQ(demo.preset.port, 2222U);
  EXPECT_EQ(demo.preset.user, "ana");
  EXPECT_EQ(demo.preset.identity_file, "/etc/sallyport/keys/demo");
  EXPECT_EQ(demo.identity_where, "/etc/sallyport/c.toml:6");
  EXPECT_EQ(demo.preset.clipboard, "never");
  EXPECT_FALSE(demo.preset.legacy);
  EXPECT_EQ(config.hosts.back().preset.port, 22U);
  EXPECT_EQ(config.hosts.back().preset.clipboard, "ask");
  EXPECT_EQ(config.hosts.back().preset.identity_file, "");
}

TEST(ConfigFile, AHostMayBeAllowedOldAlgorithms) {
  const auto config = parse_config(std::string(kHost) + "legacy = true\n", "c.toml");
  ASSERT_EQ(config.hosts.size(), 1U);
  EXPECT_TRUE(config.hosts.front().preset.legacy);
  EXPECT_THAT(problems_of(std::string(kHost) + "legacy = \"true\"\n"),
              ElementsAre(testing::EndsWith("legacy must be true or false, without quotes")));
}

TEST(ConfigFile, PathsAreRelativeToTheFile) {
  const auto known_hosts = [](const std::string& path) {
    return parse_config("known_hosts = \"" + path + "\"", "/etc/sallyport/c.toml")
        .values.at(0)
        .values.at(0);
  };
  EXPECT_EQ(known_hosts("known_hosts"), "/etc/sallyport/known_hosts");
  EXPECT_EQ(known_hosts("../kh"), "/etc/kh");
  EXPECT_EQ(known_hosts("/var/kh"), "/var/kh");
}

TEST(ConfigFile, SurvivesWhatIsNoConfiguration) {
  EXPECT_THAT(problems_of(""), IsEmpty());
  EXPECT_THAT(problems_of("# only a comment"), IsEmpty());
  EXPECT_THAT(problems_of(std::string("\0\0\0", 3)), testing::SizeIs(1));
  EXPECT_THAT(problems_of("a = " + std::string(100'000, '[')), testing::SizeIs(1));
}

}  // namespace
}  // namespace sallyport::app
