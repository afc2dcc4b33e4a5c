#include "app/setting_table.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "app/command_line.h"
#include "app/setting_values.h"
#include "places.h"

namespace sallyport::app {
namespace {

class EachSetting : public testing::TestWithParam<Setting> {};

std::vector<std::string> expected_values(const Setting& setting) {
  return setting.kind == Kind::kList ? split_list(setting.example)
                                     : std::vector<std::string>{setting.example};
}

std::string toml_line(const Setting& setting) {
  const auto dot = setting.key.find('.');
  const std::string table =
      dot == std::string::npos ? "" : "[" + setting.key.substr(0, dot) + "]\n";
  const std::string name = dot == std::string::npos ? setting.key : setting.key.substr(dot + 1);
  std::string value;
  if (setting.kind == Kind::kCount) return table + name + " = " + setting.example + "\n";
  for (const std::string& item : expected_values(setting)) {
    value += (value.empty() ? "\"" : ", \"") + item + "\"";
  }
  return table + name + " = " + (setting.kind == Kind::kList ? "[" + value + "]" : value) + "\n";
}

TEST_P(EachSetting, IsTheSameByFlagEnvironmentAndFile) {
  const Setting& setting = GetParam();
  const auto wanted = expected_values(setting);
  ASSERT_NE(setting.get(Settings{}), wanted) << "the example must differ from the default";

  const CommandLine line = parse_command_line({"serve", setting.flag(), setting.example});
  ASSERT_THAT(lines(line.problems), testing::IsEmpty());
  Sources by_flag = nowhere();
  by_flag.flags = line.flags;
  const Configuration flag = configure(by_flag);
  EXPECT_THAT(lines(flag.problems), testing::IsEmpty());
  EXPECT_EQ(setting.get(flag.settings), wanted);
  EXPECT_EQ(flag.set_at(setting.key), setting.flag());

  Sources by_environment = nowhere();
  by_environment.environment.push_back(setting.environment() + "=" + setting.example);
  const Configuration environment = configure(by_environment);
  EXPECT_THAT(lines(environment.problems), testing::IsEmpty());
  EXPECT_EQ(setting.get(environment.settings), wanted);
  EXPECT_EQ(environment.set_at(setting.key), setting.environment());

  const Folder folder;
  const Configuration file = configured(folder, toml_line(setting));
  EXPECT_THAT(lines(file.problems), testing::IsEmpty());
  EXPECT_EQ(setting.get(file.settings), wanted);
  EXPECT_EQ(file.file_settings, 1U);

  // Nothing but this one changed.
  for (const Setting& other : setting_table()) {
    if (other.key == setting.key || other.key == "known_hosts") continue;
    EXPECT_EQ(other.get(flag.settings), other.get(Settings{})) << other.key;
    EXPECT_EQ(other.get(file.settings), other.get(Settings{})) << other.key;
  }
}

TEST_P(EachSetting, RefusesAValueThatIsNoneInAllThreePlaces) {
  const Setting& setting = GetParam();
  const std::string bad = setting.kind == Kind::kPath ? "" : "no such thing!";
  const auto expect_one = [&](const Configuration& configuration, const std::string& where) {
    ASSERT_EQ(configuration.problems.size(), 1U) << where;
    EXPECT_THAT(configuration.problems.front().line(), testing::StartsWith(where + ": "));
    EXPECT_TRUE(any_error(configuration.problems));
  };
  Sources by_flag = nowhere();
  by_flag.flags = {{setting.key, bad}};
  expect_one(configure(by_flag), setting.flag());

  Sources by_environment = nowhere();
  by_environment.environment.push_back(setting.environment() + "=" + bad);
  expect_one(configure(by_environment), setting.environment());

  const Folder folder;
  const auto dot = setting.key.find('.');
  const std::string quoted_bad =
      setting.kind == Kind::kList ? "[\"" + bad + "\"]" : "\"" + bad + "\"";
  const std::string text = dot == std::string::npos
                               ? "# one\n" + setting.key + " = " + quoted_bad
                               : "[" + setting.key.substr(0, dot) + "]\n" +
                                     setting.key.substr(dot + 1) + " = " + quoted_bad;
  expect_one(configured(folder, text), (folder.path() / "t.toml").string() + ":2");
}

TEST_P(EachSetting, ExplainsItself) {
  const Setting& setting = GetParam();
  EXPECT_TRUE(setting.sentence.ends_with('.'));
  EXPECT_FALSE(setting.sentence.contains('\n'));
  EXPECT_FALSE(setting.takes.empty());
  EXPECT_FALSE(setting.default_text().empty());
  EXPECT_FALSE(looks_secret(setting.key));
  // A default is a value that the setting itself would take.
  Settings settings;
  if (setting.kind != Kind::kPath) {
    EXPECT_TRUE(setting.set(settings, setting.get(Settings{})).has_value()) << setting.key;
    EXPECT_EQ(setting.get(settings), setting.get(Settings{}));
  }
}

INSTANTIATE_TEST_SUITE_P(Table, EachSetting, testing::ValuesIn(setting_table()),
                         [](const testing::TestParamInfo<Setting>& info) {
                           std::string name = info.param.key;
                           std::ranges::replace(name, '.', '_');
                           return name;
                         });

TEST(SettingTable, HasEachNameOnce) {
  std::set<std::string> flags;
  std::set<std::string> variables;
  for (const Setting& setting : setting_table()) {
    EXPECT_TRUE(flags.insert(setting.flag()).second) << setting.flag();
    EXPECT_TRUE(variables.insert(setting.environment()).second) << setting.environment();
  }
  EXPECT_TRUE(flags.contains("--targets-allow"));
  EXPECT_TRUE(flags.contains("--session-ssh-window"));
  EXPECT_TRUE(variables.contains("SALLYPORT_TARGETS_ALLOW"));
  EXPECT_TRUE(variables.contains("SALLYPORT_SESSION_SSH_WINDOW"));
}

TEST(SettingTable, KnowsNamesThatPromiseSecrets) {
  for (const auto* name :
       {"password", "hosts.Password", "db_passwd", "passphrase", "api-token", "client_secret",
        "private_key", "SALLYPORT_PASSWORD", "key", "ssh_key"}) {
    EXPECT_TRUE(looks_secret(name)) << name;
  }
  for (const auto* name : {"host_key", "identity_file", "user", "keyboard"}) {
    EXPECT_FALSE(looks_secret(name)) << name;
  }
}

}  // namespace
}  // namespace sallyport::app
