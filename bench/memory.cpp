// What an idle session costs in memory, once there are hundreds.
#include "figure.h"

namespace sallyport::bench {
namespace {

constexpr unsigned kProcesses = 20;  // of ssh: each is a whole program, and all are alike

void wait_for_prompt(Terminal& terminal) {
  terminal.write("echo idl''e\n");
  terminal.read_until("idle");
}

double of_ssh(Rig& rig) {
  std::vector<std::unique_ptr<SshTerminal>> open;
  for (unsigned number = 0; number < kProcesses; ++number) {
    open.push_back(std::make_unique<SshTerminal>(rig.host()));
    wait_for_prompt(*open.back());
  }
  double total = 0;
  for (const auto& terminal : open) {
    total += static_cast<double>(proportional_set_size(terminal->pid()));
  }
  return total / kProcesses / 1000;
}

}  // namespace

void memory(Rig& rig, Report& report) {
  const double ssh = of_ssh(rig);
  const auto gateway = rig.own_gateway();
  std::vector<std::unique_ptr<Terminal>> open;
  // What the first login allocates for all is not a session's.
  wait_for_prompt(*open_gateway_terminal(gateway->port, rig.host()));
  const auto before = proportional_set_size(gateway->pid());
  for (const auto sessions : rig.options().idle) {
    while (open.size() < sessions) {
      open.push_back(open_gateway_terminal(gateway->port, rig.host()));
      wait_for_prompt(*open.back());
    }
    const auto after = proportional_set_size(gateway->pid());
    report.add({"memory per idle session, " + std::to_string(sessions),
                "KB",
                "<= 100",
                {ssh},
                {static_cast<double>(after - before) / sessions / 1000}});
  }
}

}  // namespace sallyport::bench
