// Clients that stop acknowledging while their shell floods: what each costs the gateway, and what
// the others notice.
#include <thread>

#include "echo.h"
#include "figure.h"
#include "fleet.h"

namespace sallyport::bench {
namespace {

constexpr std::chrono::duration<double> kWarmUp{0.5};

double kilobytes(std::size_t bytes) { return static_cast<double>(bytes) / 1024; }

// What the gateway grows by while one client does nothing, or reads and says nothing.
double growth_of_one(Rig& rig, bool reads) {
  const auto& host = rig.scripted_host();
  const auto gateway = rig.own_gateway();
  {
    // What the first flood allocates for all is not this client's.
    Fleet other(gateway->port, host);
    other.open(1, 1);
    other.send_all("!flood");
    other.run(kWarmUp);
  }
  Fleet fleet(gateway->port, host);
  fleet.open(1, 1);
  const auto before = proportional_set_size(gateway->pid());
  fleet.stop_acknowledging();
  fleet.send_all("!flood");
  const std::chrono::duration<double> duration(rig.options().flood_seconds);
  if (reads) {
    fleet.run(duration);
  } else {
    std::this_thread::sleep_for(duration);
  }
  const auto after = proportional_set_size(gateway->pid());
  return after > before ? kilobytes(after - before) : 0;
}

}  // namespace

void stopped(Rig& rig, Report& report) {
  Figure silent{"growth for one that stops acking", "KiB", "<= 320"};
  Figure dead{"growth for one that stops reading", "KiB", "<= 320"};
  for (unsigned round = 0; round < rig.options().rounds; ++round) {
    silent.gateway.push_back(growth_of_one(rig, true));
    dead.gateway.push_back(growth_of_one(rig, false));
  }
  report.add(silent);
  report.add(dead);
}

void stopped_many(Rig& rig, Report& report) {
  const auto clients = rig.options().stalled;
  const auto& host = rig.scripted_host();
  const auto gateway = rig.own_gateway({"--limits-sessions", std::to_string(clients + 10)});
  const std::chrono::duration<double> duration(rig.options().flood_seconds);
  const auto keys = rig.options().keys;

  const auto other = open_gateway_terminal(gateway->port, host);
  other->read_until("scripted> ");
  Fleet fleet(gateway->port, host);
  fleet.open(clients, 16);
  const auto before = proportional_set_size(gateway->pid());
  const auto echo_before = measure_echo(*other, keys, duration);
  fleet.stop_acknowledging();
  fleet.send_all("!flood");
  const auto echo_meanwhile = measure_echo(*other, keys, duration);
  const auto echo_after = measure_echo(*other, keys, duration);
  const auto after = proportional_set_size(gateway->pid());

  const auto name = std::to_string(clients) + " that stop";
  report.add(
      {"growth for each of " + name, "KiB", "<= 256", {}, {kilobytes(after - before) / clients}});
  report.add({"another's echo before, p99", "us", "", {}, {echo_before.p99}});
  report.add({"... while they fill up, p99", "us", "+ 5000", {}, {echo_meanwhile.p99}});
  report.add({"... and then, p99", "us", "+ 5000", {}, {echo_after.p99}});
}

}  // namespace sallyport::bench
