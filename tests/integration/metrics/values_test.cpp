// Whether the figures are right: what a browser and a host did is what the scrape says.
#include <gmock/gmock.h>

#include <chrono>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "promtool.h"
#include "scrape.h"
#include "support/openssh_server.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kFirstWindow = 64 * 1024;  // bytes, before any ack
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point before) {
  return std::chrono::duration<double>(Clock::now() - before).count();
}

class MetricsValues : public MetricsTest {
 protected:
  WebSocketClient open_scripted() {
    return open(open_frame(scripted_.port(), password("right horse")));
  }
  std::string scripted_label() const { return target_label(scripted_.port()); }
  ScriptedSshServer scripted_;
};

TEST_F(MetricsValues, EachKeyThatWasEchoedIsOneEcho) {
  const OpenSshServer server;
  start();
  auto browser = open(open_frame(server.port(), key(server.key()), {{"username", server.user()}}));
  browser.type("PS1= ENV= exec sh\n");
  browser.type("stty raw -echo; echo rea''dy; exec cat\n");
  browser.expect_output("ready\n");
  const auto target = target_label(server.port());
  const Scrape before = scrape();

  constexpr int kKeys = 50;
  const auto begun = Clock::now();
  for (int typed = 0; typed < kKeys; ++typed) {
    browser.type("x");
    browser.expect_output("x");
  }
  const double took = seconds_since(begun);
  const Scrape after = scrape();
  const auto grown = [&](std::string_view name) {
    return after.of(name, target) - before.of(name, target);
  };
  EXPECT_EQ(grown("sallyport_echo_seconds_count"), kKeys);
  EXPECT_GT(grown("sallyport_echo_seconds_sum"), 0);
  EXPECT_LT(grown("sallyport_echo_seconds_sum"), took);
  EXPECT_EQ(grown("sallyport_input_bytes_total"), kKeys);
  EXPECT_EQ(grown("sallyport_output_bytes_total"), kKeys);
  EXPECT_EQ(after.find("sallyport_echo_seconds_bucket{target=\"" + target + "\",le=\"+Inf\"}"),
            after.of("sallyport_echo_seconds_count", target));
}

TEST_F(MetricsValues, SessionsAreCountedWhenTheyBeginAndEnd) {
  start();
  EXPECT_EQ(scrape().find("sallyport_sessions"), 0);
  std::vector<WebSocketClient> browsers;
  for (int number = 0; number < 4; ++number) browsers.push_back(open_scripted());
  const Scrape during = scrape();
  EXPECT_EQ(during.find("sallyport_sessions"), 4);
  EXPECT_EQ(during.find("sallyport_terminal_sockets"), 4);
  EXPECT_EQ(during.find("sallyport_sessions_limit"), settings().max_sessions);
  EXPECT_EQ(during.find("sallyport_reader_threads"), 2);
  EXPECT_EQ(during.of("sallyport_sessions_opened_total", scripted_label()), 4)
      << "both threads together";
  EXPECT_EQ(during.of("sallyport_sessions_ended_total", scripted_label()), 0);
  for (auto& browser : browsers) {
    browser.type("!exit 0\n");
    browser.expect("exited");
  }
  browsers.clear();
  const Scrape after =
      scrape_until(sample_of("sallyport_sessions_ended_total", scripted_label()), 4);
  EXPECT_EQ(after.of("sallyport_sessions_ended_total", scripted_label()), 4);
  EXPECT_EQ(after.of("sallyport_sessions_opened_total", scripted_label()), 4);
  EXPECT_EQ(promtool_complaints(after.text()), "");
}

TEST_F(MetricsValues, ABrowserThatFallsBehindIsAStall) {
  start();
  auto browser = open_scripted();
  browser.set_acking(false);
  const auto begun = Clock::now();
  browser.type("!flood 2000000\n");
  // The window is full when no more than it came; the shell is held from about then on.
  browser.wait_until([&] { return browser.output_end() >= kFirstWindow / 2; }, "a window");
  ASSERT_TRUE(browser.read_for(300ms));
  EXPECT_EQ(scrape().of("sallyport_stall_seconds_count", scripted_label()), 0)
      << "told when the hold ends";
  browser.set_acking(true);
  browser.ack(browser.output_end());
  browser.wait_until([&] { return browser.output_end() >= 2'000'000; }, "the flood");
  const double took = seconds_since(begun);

  const Scrape after = scrape();
  EXPECT_GE(after.of("sallyport_stall_seconds_count", scripted_label()), 1);
  EXPECT_GE(after.of("sallyport_stall_seconds_sum", scripted_label()), 0.3);
  EXPECT_LE(after.of("sallyport_stall_seconds_sum", scripted_label()), took);
  EXPECT_GE(after.of("sallyport_output_bytes_total", scripted_label()), 2'000'000);
  // Some frames left when a good part of a window was not acknowledged.
  const auto queued = [&](std::string_view bound) {
    return *after.find("sallyport_queued_bytes_bucket{target=\"" + scripted_label() + "\",le=\"" +
                       std::string(bound) + "\"}");
  };
  EXPECT_GT(queued("131072"), queued("32768"));
}

TEST_F(MetricsValues, ReturnsTakeoversAndWatchersAreCounted) {
  settings().detached_limit = 1min;
  start();
  auto first = connect();
  first.send(open_frame(scripted_.port(), password("right horse")));
  const auto opened = first.expect("opened");
  const auto attach = [&](const Json& changes) {
    Json frame{{"type", "attach"},
               {"session", opened.at("session")},
               {"token", opened.at("token")},
               {"received", 0},
               {"cols", 80},
               {"rows", 24}};
    frame.merge_patch(changes);
    auto browser = connect();
    browser.send(frame);
    browser.expect("attached");
    return browser;
  };
  const auto counted = [&](std::string_view name) { return scrape().of(name, scripted_label()); };
  first.drop();
  scrape_until("sallyport_detached_sessions", 1);

  auto back = attach(Json::object());
  EXPECT_EQ(counted("sallyport_resumes_total"), 1);
  EXPECT_EQ(counted("sallyport_takeovers_total"), 0);
  EXPECT_EQ(scrape().find("sallyport_detached_sessions"), 0);
  auto thief = attach(Json::object());
  EXPECT_EQ(back.expect("error").at("code"), "taken-over");
  EXPECT_EQ(counted("sallyport_resumes_total"), 1);
  EXPECT_EQ(counted("sallyport_takeovers_total"), 1);
  auto watcher = attach({{"token", opened.at("watch")}, {"watch", true}});
  EXPECT_EQ(counted("sallyport_watchers_total"), 1);
  EXPECT_EQ(counted("sallyport_sessions_opened_total"), 1) << "it is one session all the time";
  EXPECT_EQ(counted("sallyport_sessions_ended_total"), 0);
  EXPECT_EQ(scrape().find("sallyport_failures_total{stage=\"running\",code=\"taken-over\"}"), 1);
  thief.hang_up();
  const Scrape after =
      scrape_until(sample_of("sallyport_sessions_ended_total", scripted_label()), 1);
  EXPECT_EQ(promtool_complaints(after.text()), "");
}

TEST_F(MetricsValues, KeptOutputIsSkippedOnceItIsNoLongerKept) {
  settings().detached_limit = 1min;
  settings().log_bytes = settings().window_bytes;
  start();
  auto first = connect();
  first.send(open_frame(scripted_.port(), password("right horse")));
  const auto opened = first.expect("opened");
  first.type("!flood 2000000\n");
  first.wait_until([&] { return first.output_end() >= 2'000'000; }, "the flood");
  EXPECT_EQ(scrape().of("sallyport_skipped_bytes_total", scripted_label()), 0);
  EXPECT_GT(*scrape().find("sallyport_log_bytes"), settings().log_bytes / 2);

  auto elsewhere = connect();
  elsewhere.send({{"type", "attach"},
                  {"session", opened.at("session")},
                  {"token", opened.at("token")},
                  {"received", 0},
                  {"cols", 80},
                  {"rows", 24}});
  const auto attached = elsewhere.expect("attached");
  EXPECT_GT(attached.at("start"), 1'000'000);
  EXPECT_EQ(scrape().of("sallyport_skipped_bytes_total", scripted_label()), attached.at("start"));
  elsewhere.hang_up();
  scrape_until("sallyport_log_bytes", 0);
}

TEST_F(MetricsValues, TargetsAreKeptApart) {
  const ScriptedSshServer other;
  start();
  auto one = open_scripted();
  auto two = open(open_frame(other.port(), password("right horse")));
  one.type("mine");
  one.expect_output("mine");
  two.type("not yours");
  two.expect_output("not yours");
  const Scrape seen = scrape();
  EXPECT_EQ(seen.of("sallyport_input_bytes_total", scripted_label()), 4);
  EXPECT_EQ(seen.of("sallyport_input_bytes_total", target_label(other.port())), 9);
}

TEST_F(MetricsValues, FailuresAreCountedByStageAndCodeAndMakeNoTarget) {
  start();
  for (int times = 0; times < 2; ++times) {
    auto browser = connect();
    browser.send(open_frame(scripted_.port(), password("wrong horse")));
    browser.expect("error");
  }
  auto lost = connect();
  lost.send(open_frame(1, password("x")));
  lost.expect("error");
  const Scrape seen = scrape();
  EXPECT_EQ(seen.find("sallyport_failures_total{stage=\"authenticate\",code=\"not-accepted\"}"), 2)
      << seen.text();
  EXPECT_EQ(seen.find("sallyport_failures_total{stage=\"connect\",code=\"refused\"}"), 1);
  EXPECT_EQ(seen.text().find("{target="), std::string::npos);
}

TEST_F(MetricsValues, ThePageForOperatorsNamesEachMetricAndNoOther) {
  start();
  auto lost = connect();
  lost.send(open_frame(1, password("x")));
  lost.expect("error");
  auto browser = open_scripted();
  std::set<std::string> told;
  std::istringstream lines(scrape().text());
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kType = "# TYPE ";
    if (line.starts_with(kType)) told.insert(line.substr(kType.size(), line.rfind(' ') - 7));
  }
  std::set<std::string> described;
  const std::string page = read_file(std::string(SALLYPORT_DOCS) + "/metrics.md");
  std::istringstream rows(page);
  const std::regex name("`((?:sallyport|process)_[a-z_]+)`");
  for (std::string row; std::getline(rows, row);) {
    if (!row.starts_with("| `")) continue;
    for (auto match = std::sregex_iterator(row.begin(), row.end(), name);
         match != std::sregex_iterator(); ++match) {
      described.insert(match->str(1));
    }
  }
  EXPECT_EQ(described, told);
}

TEST_F(MetricsValues, TheProcessIsDescribed) {
  start();
  const double before = *scrape().find("process_open_fds");
  auto browser = open_scripted();
  const Scrape seen = scrape();
  EXPECT_EQ(seen.find("sallyport_build_info{version=\"0.1.0\"}"), 1);
  // The browser's socket and the host's; the server in this very process has the other ends.
  EXPECT_GE(*seen.find("process_open_fds"), before + 2);
  EXPECT_GE(*seen.find("process_max_fds"), *seen.find("process_open_fds"));
  EXPECT_GT(*seen.find("process_resident_memory_bytes"), 1'000'000);
  EXPECT_GT(*seen.find("process_cpu_seconds_total"), 0);
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_LE(*seen.find("process_start_time_seconds"), now + 1);
  EXPECT_GE(*seen.find("process_start_time_seconds"), now - 3600);
  EXPECT_EQ(scrape().find("process_start_time_seconds"), seen.find("process_start_time_seconds"));
}

}  // namespace
}  // namespace sallyport::support
