// One gateway process with thousands of people: most look, some type.
#include <algorithm>

#include "figure.h"
#include "fleet.h"

namespace sallyport::bench {
namespace {

constexpr unsigned kInFlight = 32;              // logins at a time
constexpr double kKeysPerSecond = 4;            // of each who types
constexpr std::size_t kOtherDescriptors = 200;  // of the gateway, besides two per session

double at_share(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share)];
}

}  // namespace

void crowd(Rig& rig, Report& report) {
  const auto& options = rig.options();
  const std::size_t wanted = options.crowd + options.typing;
  const auto limit = raise_descriptor_limit();
  const auto sessions = std::min<std::size_t>(wanted, (limit - kOtherDescriptors) / 2);
  const auto typing = std::min<std::size_t>(options.typing, sessions);
  const auto& host = rig.scripted_host();
  const auto gateway = rig.own_gateway({"--limits-sessions", std::to_string(wanted + 1)});
  Fleet fleet(gateway->port, host);

  const auto before = proportional_set_size(gateway->pid());
  const auto started = Clock::now();
  fleet.open(sessions, kInFlight);
  const std::chrono::duration<double> took = Clock::now() - started;
  const auto after = proportional_set_size(gateway->pid());
  const auto used = processor_time(gateway->pid());
  const auto typed_from = Clock::now();
  auto times = fleet.type(typing, kKeysPerSecond, std::chrono::seconds(options.crowd_seconds));
  const std::chrono::duration<double> typed = Clock::now() - typed_from;
  const auto cores = (processor_time(gateway->pid()) - used) / typed.count();
  std::ranges::sort(times);

  const auto opened = static_cast<double>(sessions);
  report.add({"sessions open in one process", "", std::to_string(wanted), {}, {opened}});
  report.add({"opened per second", "1/s", "", {}, {opened / took.count()}});
  report.add({"memory of the process", "MB", "<= 1200", {}, {static_cast<double>(after) / 1e6}});
  report.add(
      {"memory per session", "KB", "", {}, {static_cast<double>(after - before) / opened / 1000}});
  const auto who = std::to_string(typing) + " type";
  report.add({"echo while " + who + ", p50", "us", "", {}, {at_share(times, 0.5)}});
  report.add({"echo while " + who + ", p99", "us", "<= 10000", {}, {at_share(times, 0.99)}});
  report.add({"processors used meanwhile", "", "", {}, {cores}});
  if (sessions < wanted) {
    report.note("a process may have " + std::to_string(limit) +
                " descriptors here, and a session " +
                "needs two of the gateway's: raise the hard limit of open files for all " +
                std::to_string(wanted));
  }
}

}  // namespace sallyport::bench
