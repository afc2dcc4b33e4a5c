#pragma once

#include <chrono>

#include "terminal.h"

namespace sallyport::bench {

struct EchoTimes {
  double p50 = 0, p99 = 0;  // microseconds
};

// One byte to a terminal that gives it back, and back; the next goes when the last has come. At
// least `keys` of them and for `at_least`.
EchoTimes measure_echo(Terminal& terminal, unsigned keys,
                       std::chrono::duration<double> at_least = {});

}  // namespace sallyport::bench
