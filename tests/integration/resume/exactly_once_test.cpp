// The promise: whatever happens to the sockets, each byte arrives once and in order, both ways.
// bench/soak exactly-once runs it at full size.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <mutex>
#include <thread>

#include "numbered_lines.h"
#include "returning_page.h"
#include "support/openssh_server.h"
#include "support/resume_fixture.h"
#include "support/size_of_run.h"

namespace sallyport::support {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;

class ExactlyOnce : public ReturnTest {
 protected:
  void SetUp() override { start(); }

  // A real shell that prints `lines` of NumberedLines while it stores what is typed, and ends with
  // status 7 when it has both.
  ReturningPage::Plan plan(std::uint64_t bytes, std::uint64_t cuts, unsigned seed) const {
    ReturningPage::Plan plan;
    plan.output =
        std::max<std::uint64_t>(bytes / NumberedLines::length(), 1) * NumberedLines::length();
    plan.input =
        std::max<std::uint64_t>(bytes / 50 / TypedLines::length(), 1) * TypedLines::length();
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::uint64_t> place(0, plan.output - 1);
    for (std::uint64_t cut = 0; cut < cuts; ++cut) plan.cuts.push_back(place(random));
    std::ranges::sort(plan.cuts);
    return plan;
  }
  std::filesystem::path stored(unsigned number) const {
    return server_.folder() / ("typed-" + std::to_string(number));
  }
  // The whole life of one session; what is wrong is thrown.
  CutCounts live(unsigned number, const ReturningPage::Plan& plan) {
    auto browser = connect();
    browser.send(open_frame(server_.port(), key(server_.key()), {{"username", server_.user()}}));
    const auto ticket = ticket_of(browser.expect("opened"));
    const auto program = server_.folder() / ("print-" + std::to_string(number));
    write_file(program, NumberedLines::awk_program(plan.output / NumberedLines::length()));
    browser.type("stty raw -echo; echo rea''dy; exec sh -c 'awk -f " + program.string() +
                 " & head -c " + std::to_string(plan.input) + " > " + stored(number).string() +
                 "; wait; exit 7'\n");
    constexpr std::string_view kReady = "ready\n";
    browser.expect_output(kReady);
    const auto begin = browser.output_start() + browser.output().find(kReady) + kReady.size();
    ReturningPage page(socket_options(), ticket, std::move(browser), begin, 1, plan, number);
    const auto exited = page.run();
    if (exited.at("status") != 7) throw std::runtime_error(exited.dump());
    const auto typed = read_file(stored(number));
    if (typed != TypedLines::bytes(0, plan.input)) {
      throw std::runtime_error("the host has other input than what was typed");
    }
    return page.counts();
  }
  OpenSshServer server_{plain_shell()};
};

TEST_F(ExactlyOnce, ThroughSocketsThatAreCutAtRandom) {
  const auto sessions = static_cast<unsigned>(size_of_run("SESSIONS", 4));
  const auto cuts = size_of_run("CUTS", 200);
  const auto bytes = size_of_run("MEGABYTES", 20) * kMegabyte;
  const auto began = std::chrono::steady_clock::now();
  std::mutex mutex;
  CutCounts counts;
  std::uint64_t printed = 0;
  std::uint64_t typed = 0;
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < sessions; ++number) {
    threads.emplace_back([&, number] {
      try {
        const auto mine = plan(bytes / sessions, (cuts + sessions - 1) / sessions, number);
        const auto done = live(number, mine);
        const std::lock_guard lock(mutex);
        counts.add(done);
        printed += mine.output;
        typed += mine.input;
      } catch (const std::exception& wrong) {
        const std::lock_guard lock(mutex);
        ADD_FAILURE() << "session " << number << ": " << wrong.what();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GE(counts.total(), cuts);
  EXPECT_GT(counts.resets, 0u);
  EXPECT_GT(counts.half_closes, 0u);
  EXPECT_GT(counts.silences, 0u);
  EXPECT_GT(counts.in_own_frame, 0u);
  EXPECT_GT(counts.in_their_frame, 0u);
  EXPECT_GT(counts.in_sequence, 0u);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << sessions << " sessions, " << printed << " bytes printed and " << typed
            << " typed, 0 lost, doubled or out of order; " << counts.total() << " cuts ("
            << counts.resets << " RST, " << counts.half_closes << " FIN, " << counts.silences
            << " silent when the next came, " << counts.in_own_frame
            << " inside a frame of the browser's, " << counts.unanswered
            << " before `attached`; of all, " << counts.in_their_frame
            << " inside a frame of the gateway's, " << counts.in_sequence
            << " returns inside an escape sequence); " << took.count() << " s\n";
}

}  // namespace
}  // namespace sallyport::support
