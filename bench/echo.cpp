// How long a key takes to its echo: with nothing else going on, beside sessions that print at an
// ordinary pace, and beside one that floods.
#include "echo.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "background.h"
#include "figure.h"

namespace sallyport::bench {
namespace {

constexpr unsigned kWarmUp = 50;                 // keys that are not counted
constexpr unsigned kPrintedPerSecond = 100'000;  // bytes, of each session in the background

std::unique_ptr<Terminal> open_echo(Rig& rig, Way way) {
  auto terminal = rig.open(way);
  // The marker is spelled so that the echo of the command line is not mistaken for its output.
  terminal->write("stty raw -echo; echo rea''dy; exec cat\n");
  terminal->read_until("ready\n");
  return terminal;
}

std::unique_ptr<Background> start_background(Rig& rig, Way way, unsigned sessions,
                                             const std::string& program) {
  std::vector<std::unique_ptr<Terminal>> terminals;
  for (unsigned number = 0; number < sessions; ++number) {
    terminals.push_back(rig.open(way));
    terminals.back()->write("stty raw -echo; echo rea''dy; exec " + rig.program(program) + "\n");
    terminals.back()->read_until("ready\n");
  }
  return std::make_unique<Background>(std::move(terminals));
}

struct Beside {
  unsigned sessions;
  std::string program;
};

void echo(Rig& rig, Report& report, const std::string& name, const Beside& beside,
          bool report_flood) {
  Figure p50{name + ", p50", "us", "<= 1.0x"};
  Figure p99{name + ", p99", "us", "<= 1.0x"};
  Figure flood{"the flood meanwhile", "MB/s", ">= 50"};
  each_round(rig, [&](Way way) {
    const auto terminal = open_echo(rig, way);
    const auto background = start_background(rig, way, beside.sessions, beside.program);
    const auto started = Clock::now();
    const auto before = background->received();
    const auto times = measure_echo(*terminal, rig.options().keys);
    const std::chrono::duration<double> took = Clock::now() - started;
    flood.of(way).push_back(static_cast<double>(background->received() - before) / 1e6 /
                            took.count());
    background->stop();
    p50.of(way).push_back(times.p50);
    p99.of(way).push_back(times.p99);
  });
  report.add(p50);
  report.add(p99);
  if (report_flood) report.add(flood);
}

}  // namespace

EchoTimes measure_echo(Terminal& terminal, unsigned keys, std::chrono::duration<double> at_least) {
  std::vector<double> times;
  times.reserve(keys);
  std::string seen;
  const auto started = Clock::now();
  for (unsigned key = 0; key < keys + kWarmUp || Clock::now() - started < at_least; ++key) {
    seen.clear();
    const auto sent = Clock::now();
    terminal.write("x");
    terminal.read(seen);
    if (seen != "x") throw std::runtime_error("echo of something else");
    const std::chrono::duration<double, std::micro> took = terminal.arrived() - sent;
    if (key >= kWarmUp) times.push_back(took.count());
  }
  std::ranges::sort(times);
  return {times[times.size() / 2], times[times.size() * 99 / 100]};
}

void echo_idle(Rig& rig, Report& report) { echo(rig, report, "echo, idle", {0, ""}, false); }

void echo_busy(Rig& rig, Report& report) {
  const auto sessions = rig.options().printing;
  echo(rig, report, "echo beside " + std::to_string(sessions) + " that print",
       {sessions, "on-host print " + std::to_string(kPrintedPerSecond)}, false);
}

void echo_flood(Rig& rig, Report& report) {
  echo(rig, report, "echo beside a flood", {1, "on-host flood"}, true);
}

}  // namespace sallyport::bench
