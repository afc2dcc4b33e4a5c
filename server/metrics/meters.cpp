#include "metrics/meters.h"

namespace sallyport::metrics {
namespace {

std::string readable(std::string text) {
  if (text.size() > TargetLabels::kLongest) text.resize(TargetLabels::kLongest);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

}  // namespace

std::string TargetLabels::label(std::string_view host, unsigned port) {
  std::string label = readable(base::host_port(host, port));
  const std::lock_guard lock(mutex_);
  if (known_.contains(label)) return label;
  if (known_.size() >= most_) return std::string(kOther);
  known_.insert(label);
  return label;
}

void Snapshot::add(const Snapshot& other) {
  for (const auto& [label, meter] : other.targets) targets[label].add(meter);
  for (const auto& [ending, count] : other.failures) failures[ending] += count;
}

Meter& Meters::target(std::string_view host, unsigned port) {
  return measured_.targets[labels_.label(host, port)];
}

void Meters::failed(const base::Failure& failure) {
  ++measured_.failures[{std::string(base::name(failure.stage)), failure.code}];
}

}  // namespace sallyport::metrics
