#pragma once

#include <vector>

#include "metrics/exposition.h"

namespace sallyport::app {

// What Prometheus' client libraries tell of every program (`process_...`): processor time, memory,
// descriptors, start. Reads /proc (proc(5)), so it is for a worker; leaves out what it cannot read.
std::vector<metrics::Reading> process_readings();

}  // namespace sallyport::app
