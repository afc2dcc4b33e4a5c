#include "metrics/histogram.h"

namespace sallyport::metrics {

void Histogram::add(const Histogram& other) {
  assert(bounds_.size() == other.bounds_.size());
  for (std::size_t at = 0; at < counts_.size(); ++at) counts_[at] += other.counts_[at];
  count_ += other.count_;
  sum_ += other.sum_;
}

}  // namespace sallyport::metrics
