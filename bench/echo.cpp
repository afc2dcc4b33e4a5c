#include <algorithm>
#include <chrono>

#include "measure.h"

namespace sallyport::bench {

EchoTimes measure_echo(const MakeTerminal& make, unsigned keys) {
  const auto terminal = make();
  // The marker is spelled so that the echo of the command line is not mistaken for its output.
  terminal->write("stty raw -echo; echo rea''dy; exec cat\n");
  terminal->read_until("ready\n");

  constexpr unsigned kWarmUp = 50;
  std::vector<double> times;
  times.reserve(keys);
  std::string seen;
  for (unsigned key = 0; key < keys + kWarmUp; ++key) {
    seen.clear();
    const auto sent = std::chrono::steady_clock::now();
    terminal->write("x");
    terminal->read(seen);
    const auto took = std::chrono::steady_clock::now() - sent;
    if (seen != "x") throw std::runtime_error("echo of something else");
    if (key >= kWarmUp) times.push_back(std::chrono::duration<double, std::micro>(took).count());
  }
  std::ranges::sort(times);
  return {times[times.size() / 2], times[times.size() * 99 / 100]};
}

}  // namespace sallyport::bench
