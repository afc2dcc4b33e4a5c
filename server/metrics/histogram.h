#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sallyport::metrics {

// How often values fell between fixed bounds. Plain integers, no lock, no allocation: observe() is
// a search of five steps and three additions, on the thread that owns the histogram.
class Histogram {
 public:
  static constexpr std::size_t kMostBounds = 20;

  // `bounds` ascend, in the unit of the values, and live as long as the program. A value belongs to
  // the first bound that is not below it, as Prometheus' `le` says.
  explicit Histogram(std::span<const std::uint64_t> bounds) : bounds_(bounds) {
    assert(bounds.size() <= kMostBounds && std::ranges::is_sorted(bounds));
  }

  void observe(std::uint64_t value) {
    const auto at = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
    ++counts_[static_cast<std::size_t>(at)];
    ++count_;
    sum_ += value;
  }
  // Everything `other` saw, too; both have the same bounds.
  void add(const Histogram& other);

  std::span<const std::uint64_t> bounds() const { return bounds_; }
  // How many values fell to each bound, and beyond the last: one more than there are bounds. Not
  // cumulative.
  std::span<const std::uint64_t> counts() const {
    return std::span(counts_).first(bounds_.size() + 1);
  }
  std::uint64_t count() const { return count_; }
  std::uint64_t sum() const { return sum_; }

 private:
  std::span<const std::uint64_t> bounds_;
  std::array<std::uint64_t, kMostBounds + 1> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
};

}  // namespace sallyport::metrics
