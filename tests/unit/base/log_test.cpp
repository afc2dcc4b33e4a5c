#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::base {
namespace {

// The lines that `write` logs.
template <class Write>
std::string logged(LogFormat format, LogLevel least, Write&& write) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  write(Log(format, least, ends[1]));
  ::close(ends[1]);
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  return text;
}

TEST(Log, writes_time_level_event_and_fields_on_one_line) {
  const std::string text = logged(LogFormat::kText, LogLevel::kInfo, [](const Log& log) {
    log.info("session.opened",
             {{"session", "3xQ"}, {"host", std::string("db-3")}, {"port", 22}, {"offset", -1}});
  });
  EXPECT_THAT(text,
              testing::MatchesRegex(
                  "20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9][0-"
                  "9][0-9]Z info session.opened session=3xQ host=db-3 port=22 offset=-1\n"));
}

TEST(Log, writes_the_same_as_json) {
  const std::string text = logged(LogFormat::kJson, LogLevel::kInfo, [](const Log& log) {
    log.warning("session.failed", {{"host", "db \"3\"\n"}, {"port", 22}});
  });
  const auto line = nlohmann::json::parse(text);
  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["event"], "session.failed");
  EXPECT_EQ(line["host"], "db \"3\"\n");
  EXPECT_EQ(line["port"], 22);
  EXPECT_EQ(line["time"].get<std::string>().size(), 24U);
}

TEST(Log, leaves_out_what_is_below_its_level) {
  const std::string text = logged(LogFormat::kText, LogLevel::kWarning, [](const Log& log) {
    log.debug("one");
    log.info("two");
    log.warning("three");
    log.error("four");
  });
  EXPECT_EQ(text.find("one"), std::string::npos);
  EXPECT_EQ(text.find("two"), std::string::npos);
  EXPECT_NE(text.find(" warning three\n"), std::string::npos);
  EXPECT_NE(text.find(" error four\n"), std::string::npos);
}

TEST(Log, lets_no_value_forge_a_line_a_field_or_a_terminal_command) {
  const std::string hostile =
      "x\n2026-01-01T00:00:00.000Z info login.ok user=root\r\t\x1b[2J\x7f\xC2\x9B\xFF \"=\\";
  const std::string text = logged(LogFormat::kText, LogLevel::kInfo, [&](const Log& log) {
    log.info("e", {{"a", hostile}, {"b", ""}, {"c", "x=y"}});
  });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_NE(
      text.find(
          R"(a="x\n2026-01-01T00:00:00.000Z info login.ok user=root\r\t\u001b[2J\u007f\u009b\ufffd \"=\\" b="" c="x=y")"),
      std::string::npos)
      << text;
  const std::string json = logged(LogFormat::kJson, LogLevel::kInfo,
                                  [&](const Log& log) { log.info("e", {{"a", hostile}}); });
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 1);
  EXPECT_TRUE(nlohmann::json::accept(json)) << json;
}

TEST(Log, keeps_lines_of_several_threads_apart) {
  const std::string text = logged(LogFormat::kText, LogLevel::kInfo, [](const Log& log) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&log] {
        for (int n = 0; n < 100; ++n) log.info("event", {{"value", "0123456789"}});
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  std::size_t lines = 0;
  for (std::size_t from = 0; from < text.size(); ++lines) {
    const std::size_t end = text.find('\n', from);
    ASSERT_EQ(text.substr(from + 24, end - from - 24), " info event value=0123456789");
    from = end + 1;
  }
  EXPECT_EQ(lines, 400U);
}

TEST(Log, goes_on_when_its_line_cannot_be_written) {
  const Log log(LogFormat::kText, LogLevel::kInfo, -1);
  EXPECT_NO_THROW(log.info("lost"));
}

}  // namespace
}  // namespace sallyport::base
