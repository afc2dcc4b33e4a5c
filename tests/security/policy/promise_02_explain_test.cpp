// `sallyport explain` says what a login would meet, from the same configuration.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "app/commands.h"
#include "app/explain.h"
#include "played_names.h"
#include "support/throwaway_keys.h"

namespace sallyport::support {
namespace {

using testing::HasSubstr;

class Promise02Explain : public ::testing::Test {
 protected:
  // Exit status and both outputs.
  std::pair<int, std::string> explain(const std::string& target) {
    std::ostringstream out;
    std::ostringstream err;
    const int status =
        app::run({"explain", "--config", file().string(), target}, {"HOME=/nowhere"}, out, err);
    return {status, out.str() + err.str()};
  }
  std::filesystem::path file() const { return folder_.path() / "t.toml"; }
  void configure(const std::string& toml) const { std::ofstream(file()) << toml; }

  TemporaryFolder folder_;
};

TEST_F(Promise02Explain, SaysWhichRuleDecidesForEachAddress) {
  configure("[targets]\nallow = [\"10.0.0.0/8:22\", \"*.corp\"]\ndeny = [\"10.9.0.0/16\"]\n");
  play_answers("several.played", {{"10.1.0.5", "10.9.0.5", "192.0.2.1", "169.254.169.254"}});
  EXPECT_EQ(explain("several.played"),
            std::pair(app::kExitOk,
                      std::string("several.played:22\n"
                                  "  10.1.0.5 allowed: targets.allow has \"10.0.0.0/8:22\"\n"
                                  "  10.9.0.5 refused: targets.deny has \"10.9.0.0/16\"\n"
                                  "  192.0.2.1 refused: no rule of targets.allow matches it\n"
                                  "  169.254.169.254 refused: never a target: link-local; "
                                  "169.254.169.254 gives out a cloud machine's credentials\n")));
  EXPECT_EQ(explain("several.played:2222").first, app::kExitRefused);
  EXPECT_EQ(explain("nobody.played"),
            std::pair(app::kExitRefused,
                      std::string("nobody.played:22\n  nobody.played could not be found.\n")));
}

TEST_F(Promise02Explain, KnowsTheGatewaysListenersAndTheHostsOfTheLoginPage) {
  configure(
      "listen = \"127.0.0.1:8022\"\n[metrics]\nlisten = \"127.0.0.1:9122\"\n"
      "[[hosts]]\nname = \"this machine\"\naddress = \"127.0.0.1\"\nuser = \"ana\"\n");
  EXPECT_EQ(explain("this machine"),
            std::pair(app::kExitOk,
                      std::string("127.0.0.1:22, the host \"this machine\" of the login page\n"
                                  "  127.0.0.1 allowed: [[hosts]] names it\n")));
  const auto [status, typed] = explain("127.0.0.1");
  EXPECT_EQ(status, app::kExitRefused);
  EXPECT_THAT(typed, HasSubstr("127.0.0.1 refused: loopback, which is allowed only where"));
  EXPECT_THAT(typed, HasSubstr("sallyport explain \"this machine\""));
  for (const auto* own : {"127.0.0.1:8022", "127.0.0.1:9122"}) {
    EXPECT_THAT(explain(own).second, HasSubstr("never a target: the gateway itself listens there"));
  }
}

TEST_F(Promise02Explain, ReadsTheConfigurationAsCheckDoes) {
  configure("[targets]\nalow = []\n");
  const auto [status, said] = explain("10.0.0.5");
  EXPECT_EQ(status, app::kExitUsage);
  EXPECT_THAT(said, HasSubstr("Did you mean targets.allow?"));
}

TEST(ExplainTarget, IsAHostAndPerhapsAPort) {
  const struct {
    const char* text;
    const char* host;
    unsigned port;
  } rows[] = {{"db-3", "db-3", 22},
              {"db-3:2222", "db-3", 2222},
              {"10.0.0.5:1", "10.0.0.5", 1},
              {"::1", "::1", 22},
              {"[::1]", "::1", 22},
              {"[::1]:2222", "::1", 2222},
              {"fd00::3:22", "fd00::3:22", 22}};
  for (const auto& row : rows) {
    const auto target = app::parse_explain_target(row.text);
    ASSERT_TRUE(target.has_value()) << row.text;
    EXPECT_EQ(target->host, row.host) << row.text;
    EXPECT_EQ(target->port, row.port) << row.text;
  }
  for (const auto* wrong :
       {"", ":22", "db-3:0", "db-3:65536", "db-3:ssh", "[::1", "[::1]22", "db:"})
    EXPECT_FALSE(app::parse_explain_target(wrong).has_value()) << wrong;
}

}  // namespace
}  // namespace sallyport::support
