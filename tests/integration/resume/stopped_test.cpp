// Browsers that stop taking: each costs its window and no more, and others do not notice.
// bench/soak stopped-clients runs it at full size.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <algorithm>
#include <iostream>

#include "support/resume_fixture.h"
#include "support/server_process.h"
#include "support/size_of_run.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kKib = 1024;
constexpr std::size_t kWindow = 256 * kKib;
constexpr std::size_t kConstantKib = 16 * kKib;  // for all of them together
constexpr std::size_t kEachKib = 128;  // besides the window: a session, an SSH connection, a frame

class Stopped : public ReturnTest {
 protected:
  Stopped() {
    settings().window_bytes = kWindow;
    settings().silent_after = 10min;  // they stay
    settings().detached_limit = 0ms;  // and their sessions end with them
  }
  void SetUp() override { start(); }
  // Of this many keys, one after the other, in microseconds.
  static double echo_p99(WebSocketClient& browser, int keys) {
    std::vector<double> times;
    for (int i = 0; i < keys; ++i) {
      const auto began = Clock::now();
      browser.type("k");
      browser.expect_output("k");
      times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - began).count());
    }
    std::ranges::sort(times);
    return times[times.size() * 99 / 100];
  }
};

TEST_F(Stopped, ManyInAFloodCostTheirWindowsAndOthersDoNotNotice) {
  const auto clients = size_of_run("CLIENTS", 50);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  // A program of its own, so that what it holds is not counted.
  ServerProcess host({"/bin/sh", "-c", "exec \"$0\" >&2", SALLYPORT_SCRIPTED_HOST}, "ssh-ed25519");
  const auto port = static_cast<unsigned>(std::stoul(host.said()));
  auto typist = open(open_frame(port, password("right horse")));
  std::vector<WebSocketClient> browsers;
  for (std::uint64_t i = 0; i < clients; ++i) {
    browsers.push_back(open(open_frame(port, password("right horse"))));
    browsers.back().type("x\n");
    browsers.back().expect_output("x\n");
  }
  const double before = echo_p99(typist, 500);
  const auto held = Holdings::now();
  for (auto& browser : browsers) {
    browser.type("!flood 1000000000\n");
    browser.set_reading(false);
  }
  const double during = echo_p99(typist, 500);
  // Until each has what its window allows: then nobody's memory grows any more.
  auto now = Holdings::now();
  for (int quiet = 0; quiet < 10;) {
    typist.read_for(100ms);
    const auto next = Holdings::now();
    quiet = next.resident_kib <= now.resident_kib + 64 ? quiet + 1 : 0;
    now = next;
  }
  const double after = echo_p99(typist, 500);
  const auto grown =
      now.resident_kib > held.resident_kib ? now.resident_kib - held.resident_kib : 0;
  std::cout << clients << " clients stopped reading in a flood: " << grown << " KiB grown, "
            << grown / clients << " KiB each (window " << kWindow / kKib << "); another's echo p99 "
            << before << " us before, " << during << " us while it began, " << after
            << " us after\n";
  expect_memory_near(held, clients * (kWindow / kKib + kEachKib) + kConstantKib);
  for (auto& browser : browsers) browser.reset();
  typist.hang_up();
  EXPECT_EQ(typist.close_code(), 1000u);
}

// What the browser asks for and does not read must not wait in the gateway.
TEST_F(Stopped, PingsAndSizesWhoseAnswersNobodyReadsCostNothing) {
  ScriptedSshServer host;
  Ticket ticket;
  auto browser = open_session(host, ticket);
  auto looking = watch(ticket);
  // Its socket is full, so that nothing can be sent to it.
  browser.set_acking(false);
  browser.type("!flood 200000\n");
  browser.wait_until([&] { return browser.output_end() > 1000; }, "the flood");
  looking.set_acking(false);
  looking.set_reading(false);
  browser.set_acking(true);
  browser.ack(browser.output_end());
  const auto held = Holdings::now();
  const std::string ping = WebSocketClient::frame_bytes(1, true, R"({"type":"ping","id":1})");
  std::string pings;
  while (pings.size() < 1'000'000) pings += ping;
  for (int round = 0; round < 30; ++round) {
    looking.send_raw(pings);
    for (unsigned size = 1; size <= 1000; ++size) {
      browser.send({{"type", "resize"}, {"cols", size}, {"rows", 1 + round}});
    }
  }
  browser.send({{"type", "ping"}, {"id", 2}});
  EXPECT_EQ(browser.expect("pong").at("id"), 2);
  expect_memory_near(held);
  looking.set_reading(true);
  looking.set_acking(true);
  looking.send({{"type", "ping"}, {"id", 3}});
  Json last;
  do {
    looking.wait_until([&] { return looking.has_event(); }, "a pong");
    last = looking.expect(Json::parse(looking.texts().back()).at("type").get<std::string>());
  } while (last.value("id", 0) != 3);
  browser.hang_up();
}

}  // namespace
}  // namespace sallyport::support
