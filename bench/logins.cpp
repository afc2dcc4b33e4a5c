// How long a login takes and what it costs, one after the other and a hundred at a time.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "figure.h"

namespace sallyport::bench {
namespace {

constexpr unsigned kInFlight = 16;  // logins of the storm

// A shell that has begun to print.
std::unique_ptr<Terminal> log_in(Rig& rig, Way way) {
  auto terminal = rig.open(way);
  std::string prompt;
  terminal->read(prompt);
  return terminal;
}

struct Storm {
  double per_second = 0;
  unsigned failed = 0;
};

Storm measure_storm(Rig& rig, Way way) {
  const auto logins = rig.options().logins;
  std::atomic<unsigned> begun = 0;
  std::atomic<unsigned> failed = 0;
  // All stay until the last is there: a storm is people who want to work.
  std::mutex mutex;
  std::vector<std::unique_ptr<Terminal>> open;
  const auto started = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (unsigned thread = 0; thread < kInFlight; ++thread) {
      threads.emplace_back([&] {
        while (begun++ < logins) {
          try {
            auto terminal = log_in(rig, way);
            const std::scoped_lock lock(mutex);
            open.push_back(std::move(terminal));
          } catch (const std::exception&) {
            ++failed;
          }
        }
      });
    }
  }
  const std::chrono::duration<double> took = Clock::now() - started;
  return {static_cast<double>(open.size()) / took.count(), failed};
}

}  // namespace

void connect(Rig& rig, Report& report) {
  Figure time{"login to first byte of the shell", "ms", "<= 0.8x"};
  Figure work{"processor time of a login", "ms", "<= 5 ms"};
  each_round(rig, [&](Way way) {
    log_in(rig, way);
    std::vector<double> times;
    double used = 0;
    for (unsigned login = 0; login < rig.options().connects; ++login) {
      const auto before = way == Way::kGateway ? processor_time(rig.gateway().pid()) : 0;
      const auto terminal = log_in(rig, way);
      times.push_back(
          std::chrono::duration<double, std::milli>(terminal->arrived() - terminal->began())
              .count());
      const auto* const ssh = dynamic_cast<const SshTerminal*>(terminal.get());
      used += processor_time(ssh ? ssh->pid() : rig.gateway().pid()) - before;
    }
    std::ranges::sort(times);
    time.of(way).push_back(times[times.size() / 2]);
    work.of(way).push_back(used * 1000 / rig.options().connects);
  });
  report.add(time);
  report.add(work);
}

void storm(Rig& rig, Report& report) {
  Figure speed{"storm of logins, 16 in flight", "1/s", ">= 1.0x"};
  Figure failed{"of them failed", "", "0"};
  rig.gateway();  // threads only use what is there already
  each_round(rig, [&](Way way) {
    const auto result = measure_storm(rig, way);
    speed.of(way).push_back(result.per_second);
    failed.of(way).push_back(result.failed);
  });
  report.add(speed);
  report.add(failed);
}

}  // namespace sallyport::bench
