#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "terminal.h"

namespace sallyport::bench {

using MakeTerminal = std::function<std::unique_ptr<Terminal>()>;

// Times of one round, in microseconds.
struct EchoTimes {
  double p50 = 0;
  double p99 = 0;
};
// One byte to `cat` on a terminal without line editing, and back; the next goes when the last has
// come.
EchoTimes measure_echo(const MakeTerminal& make, unsigned keys);

// Megabytes (10^6 bytes of terminal output) per second for `cat file`. Throws when a byte differs
// from `content`.
double measure_bulk(const MakeTerminal& make, const std::string& file, std::string_view content);
// Log lines as a program writes them: time, level, words, numbers; the same for every call with the
// same size.
std::string log_lines(std::size_t bytes);
// The same with colours, CJK and emoji.
std::string coloured_lines(std::size_t bytes);

// Memory of a process and all its children in bytes: proportional set size (proc(5), smaps_rollup).
std::size_t proportional_set_size(pid_t pid);

struct Figure {
  std::string name;
  std::string unit;
  std::vector<double> ssh;  // one per round
  std::vector<double> gateway;
};
// A table for people on stdout, JSON lines for machines into `json_file` (empty: none).
void report(const std::vector<Figure>& figures, const std::string& json_file);

}  // namespace sallyport::bench
