#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "rig.h"

namespace sallyport::bench {

// One number that is measured, a value per round for each way that has it.
struct Figure {
  std::string name;
  std::string unit;
  std::string goal;  // for the reader; nothing fails by it
  std::vector<double> ssh = {};
  std::vector<double> gateway = {};
  std::vector<double>& of(Way way) { return way == Way::kSsh ? ssh : gateway; }
};

// A table for people on stdout, a line as soon as a figure is known, and JSON lines for machines.
class Report {
 public:
  explicit Report(const Options& options);
  void add(const Figure& figure);
  // A remark below the last figure: what limited it, or what else was seen.
  void note(const std::string& text);

 private:
  std::ofstream lines_;
};

// Rounds in alternating order, so that what the machine does meanwhile meets both ways.
template <class Measure>
void each_round(const Rig& rig, Measure measure) {
  for (unsigned round = 0; round < rig.options().rounds; ++round) {
    const bool even = round % 2 == 0;
    measure(even ? Way::kSsh : Way::kGateway);
    measure(even ? Way::kGateway : Way::kSsh);
  }
}

// What can be asked for, in the order of docs/benchmarks.md.
struct Entry {
  std::string_view name;
  std::string_view what;
  void (*run)(Rig& rig, Report& report);
};
const std::vector<Entry>& entries();

void echo_idle(Rig& rig, Report& report);
void echo_busy(Rig& rig, Report& report);
void echo_flood(Rig& rig, Report& report);
void bulk(Rig& rig, Report& report);
void interrupt_slow_socket(Rig& rig, Report& report);
void interrupt_slow_parser(Rig& rig, Report& report);
void interrupt_slow_link(Rig& rig, Report& report);
void connect(Rig& rig, Report& report);
void memory(Rig& rig, Report& report);
void crowd(Rig& rig, Report& report);
void stopped(Rig& rig, Report& report);
void stopped_many(Rig& rig, Report& report);
void storm(Rig& rig, Report& report);

}  // namespace sallyport::bench
