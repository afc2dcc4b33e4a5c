#include "metrics/exposition.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <limits>

namespace sallyport::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// A division, because 1e-9 is no double: 50 us is to print as 5e-05.
constexpr double kNanosecondsInSecond = 1e9;
constexpr double kBytesInByte = 1;

struct HistogramOf {
  std::string_view name;
  std::string_view help;
  const Histogram& (Meter::*values)() const;
  double per_unit;  // how many of the histogram's unit are one of the metric's
};

constexpr std::array kHistograms{
    HistogramOf{"sallyport_echo_seconds",
                "From input handed to the host to the host's next output.", &Meter::echo,
                kNanosecondsInSecond},
    HistogramOf{"sallyport_stall_seconds",
                "How long a shell was held because its output was not taken.", &Meter::stall,
                kNanosecondsInSecond},
    HistogramOf{"sallyport_queued_bytes",
                "Output a browser has not acknowledged, when there is more for it.", &Meter::queued,
                kBytesInByte},
};

struct CounterOf {
  std::string_view name;
  std::string_view help;
  std::uint64_t (Meter::*value)() const;
};

constexpr std::array kCounters{
    CounterOf{"sallyport_sessions_opened_total", "Shells that began.", &Meter::opened_count},
    CounterOf{"sallyport_sessions_ended_total", "Shells that ended, for whatever reason.",
              &Meter::ended_count},
    CounterOf{"sallyport_resumes_total", "Returns to a session that nobody held.",
              &Meter::resumed_count},
    CounterOf{"sallyport_takeovers_total", "Returns that took the keyboard from somebody.",
              &Meter::taken_over_count},
    CounterOf{"sallyport_watchers_total", "Watchers that came.", &Meter::watched_count},
    CounterOf{"sallyport_output_bytes_total", "Terminal output, as UTF-8.", &Meter::output_bytes},
    CounterOf{"sallyport_input_bytes_total", "Terminal input, as UTF-8.", &Meter::input_bytes},
    CounterOf{"sallyport_skipped_bytes_total",
              "Output that was no longer kept when its reader came for it.", &Meter::skipped_bytes},
};

MetricFamily family(std::string_view name, std::string_view help, MetricType type) {
  MetricFamily made;
  made.name = name;
  made.help = help;
  made.type = type;
  return made;
}

ClientMetric::Histogram convert(const Histogram& from, double per_unit) {
  ClientMetric::Histogram to;
  to.sample_count = from.count();
  to.sample_sum = static_cast<double>(from.sum()) / per_unit;
  std::uint64_t below = 0;
  for (std::size_t at = 0; at < from.bounds().size(); ++at) {
    below += from.counts()[at];
    to.bucket.push_back({below, static_cast<double>(from.bounds()[at]) / per_unit});
  }
  to.bucket.push_back({from.count(), std::numeric_limits<double>::infinity()});
  return to;
}

void add_targets(const Snapshot& measured, std::vector<MetricFamily>& families) {
  if (measured.targets.empty()) return;
  for (const HistogramOf& histogram : kHistograms) {
    auto& made =
        families.emplace_back(family(histogram.name, histogram.help, MetricType::Histogram));
    for (const auto& [target, meter] : measured.targets) {
      ClientMetric& metric = made.metric.emplace_back();
      metric.label = {{"target", target}};
      metric.histogram = convert((meter.*histogram.values)(), histogram.per_unit);
    }
  }
  for (const CounterOf& counter : kCounters) {
    auto& made = families.emplace_back(family(counter.name, counter.help, MetricType::Counter));
    for (const auto& [target, meter] : measured.targets) {
      ClientMetric& metric = made.metric.emplace_back();
      metric.label = {{"target", target}};
      metric.counter.value = static_cast<double>((meter.*counter.value)());
    }
  }
}

void add_failures(const Snapshot& measured, std::vector<MetricFamily>& families) {
  if (measured.failures.empty()) return;
  auto& made = families.emplace_back(
      family("sallyport_failures_total", "Errors that browsers were told.", MetricType::Counter));
  for (const auto& [ending, count] : measured.failures) {
    ClientMetric& metric = made.metric.emplace_back();
    metric.label = {{"stage", ending.first}, {"code", ending.second}};
    metric.counter.value = static_cast<double>(count);
  }
}

void add(const Reading& reading, std::vector<MetricFamily>& families) {
  const bool counts = reading.kind == Reading::Kind::kCounter;
  auto& made = families.emplace_back(
      family(reading.name, reading.help, counts ? MetricType::Counter : MetricType::Gauge));
  ClientMetric& metric = made.metric.emplace_back();
  for (const auto& [name, value] : reading.labels) metric.label.push_back({name, value});
  (counts ? metric.counter.value : metric.gauge.value) = reading.value;
}

}  // namespace

std::string exposition(const Snapshot& measured, const std::vector<Reading>& readings) {
  std::vector<MetricFamily> families;
  for (const Reading& reading : readings) add(reading, families);
  add_failures(measured, families);
  add_targets(measured, families);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace sallyport::metrics
