// At every step one end goes away, in every way there is; nothing of it stays, and nothing waits
// longer than its deadline. bench/soak faults runs it at full size.
#include <gmock/gmock.h>
#include <malloc.h>

#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

#include "fault_stages.h"
#include "support/size_of_run.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kDeadline = 2s;              // of each stage, and of silence
constexpr std::chrono::seconds kSlack{10};  // on a busy machine
constexpr unsigned kAtOnce = 48;
constexpr std::size_t kEachOf = 7;  // some of every kind, and short

enum class Way { kReset, kClose, kHalfClose, kSilence };
constexpr std::array kWays{Way::kReset, Way::kClose, Way::kHalfClose, Way::kSilence};
constexpr std::array kWayNames{"RST", "FIN", "half close", "silence"};

class Faults : public ReturnTest {
 protected:
  Faults() {
    auto& now = settings();
    now.host_keys = ssh::HostKeyPolicy::kAsk;
    now.header_timeout = now.first_frame_timeout = now.connect_timeout = now.handshake_timeout =
        now.authenticate_timeout = now.shell_timeout = now.prompt_timeout = now.silent_after =
            now.dead_after = kDeadline;
    now.ping_interval = now.keepalive = kDeadline / 4;
    now.detached_limit = now.hold = kDeadline / 4;
    now.max_sessions = 10'000;
  }
  void SetUp() override {
    start();
    browser_stages_ = browser_stages(hosts_);
    host_faults_ = host_faults(hosts_);
  }
  std::size_t kinds() const { return browser_stages_.size() * kWays.size() + host_faults_.size(); }
  WebSocketClient tcp() const { return WebSocketClient(socket_options()); }

  // One fault, by number; what is wrong is thrown.
  void play(std::size_t number) const {
    const auto connect = [this] { return tcp(); };
    number %= kinds();
    if (number >= browser_stages_.size() * kWays.size()) {
      return play_host(host_faults_[number - browser_stages_.size() * kWays.size()], connect);
    }
    const auto& stage = browser_stages_[number / kWays.size()];
    const auto way = number % kWays.size();
    try {
      end(stage.reach(connect), kWays[way]);
    } catch (const std::exception& wrong) {
      throw std::runtime_error(stage.name + ", " + kWayNames[way] + ": " + wrong.what());
    }
  }

 private:
  static void end(WebSocketClient browser, Way way) {
    switch (way) {
      case Way::kReset:
        return browser.reset();
      case Way::kClose:
        return browser.drop();
      case Way::kHalfClose:
        browser.half_close();
        break;
      case Way::kSilence:
        browser.set_reading(false);
        break;
    }
    // A prompt or a login may have to end first; then the close waits for an answer.
    if (browser.sees_hangup(2 * kDeadline + 1s)) return;
    // The end is behind output that its full socket has no room for, or there is none.
    browser.set_reading(true);
    browser.close_code();
  }
  static void play_host(const HostFault& fault, const BrowserStage::Connect& connect) {
    try {
      auto browser = fault.begin(connect);
      for (;;) {
        browser.wait_until([&] { return browser.has_event() || !browser.open(); }, "the end",
                           2 * kDeadline + kSlack);
        if (!browser.has_event()) browser.expect("error");  // says what there is
        const auto frame = browser.take_event();
        const auto type = frame.at("type");
        if (type == "error" || type == "exited") break;
        if (type == "prompt") answer(browser, frame);
      }
      browser.close_code();
    } catch (const std::exception& wrong) {
      throw std::runtime_error(fault.name + ": " + wrong.what());
    }
  }
  static void answer(WebSocketClient& browser, const Json& prompt) {
    Json frame{{"type", "answer"}, {"prompt", prompt.at("id")}};
    if (prompt.at("kind") == "hostkey") {
      frame["accept"] = true;
    } else {
      frame["values"] = {"1"};
    }
    browser.send(frame);
  }

  FaultHosts hosts_;
  std::vector<BrowserStage> browser_stages_;
  std::vector<HostFault> host_faults_;
};

TEST_F(Faults, AtEveryStepLeaveNothingBehind) {
  const auto rounds = size_of_run("FAULTS", kinds());
  std::mutex mutex;
  const auto play_all = [&](std::size_t step, std::size_t to) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < kAtOnce; ++i) {
      threads.emplace_back([&] {
        for (std::size_t number = next += step; number < to + step; number = next += step) {
          try {
            play(number - step);
          } catch (const std::exception& wrong) {
            const std::lock_guard lock(mutex);
            ADD_FAILURE() << "round " << number - step << ", " << wrong.what();
          }
        }
      });
    }
    for (auto& thread : threads) thread.join();
    expect_all_gone();
    ::malloc_trim(0);  // what was freed is not held
  };
  const auto began = Clock::now();
  play_all(kEachOf, kinds());  // what is made once is made now
  const auto before = Holdings::now();
  play_all(1, rounds);
  EXPECT_TRUE(eventually([&] { return Holdings::now().descriptors <= before.descriptors; }))
      << Holdings::now().descriptors << " descriptors, not " << before.descriptors;
  EXPECT_TRUE(eventually([&] { return Holdings::now().threads <= before.threads; }))
      << Holdings::now().threads << " threads, not " << before.threads;
  expect_memory_near(before);
  std::cout << rounds << " rounds of " << kinds() << " faults: " << gateway().sessions()
            << " sessions, " << gateway().connections() << " sockets left; descriptors "
            << before.descriptors << " before, " << Holdings::now().descriptors
            << " after; threads " << before.threads << ", " << Holdings::now().threads
            << "; resident " << before.resident_kib << " KiB, " << Holdings::now().resident_kib
            << " KiB; " << std::chrono::duration<double>(Clock::now() - began).count() << " s\n";
}

}  // namespace
}  // namespace sallyport::support
