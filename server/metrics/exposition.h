#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/meters.h"

namespace sallyport::metrics {

// One number about the whole process. Names follow Prometheus' conventions: base units, `_total`
// for what only grows, `process_` for what every program has.
struct Reading {
  enum class Kind { kGauge, kCounter };

  std::string_view name;
  std::string_view help;
  double value = 0;
  Kind kind = Kind::kGauge;
  std::vector<std::pair<std::string, std::string>> labels = {};
};

// The media type of exposition().
inline constexpr std::string_view kExpositionType = "text/plain; version=0.0.4; charset=utf-8";

// All of it in Prometheus' text format (version 0.0.4). docs/metrics.md says what each name means.
// A few microseconds for each target: milliseconds when there are hundreds, so not on a reader
// thread.
std::string exposition(const Snapshot& measured, const std::vector<Reading>& readings);

}  // namespace sallyport::metrics
