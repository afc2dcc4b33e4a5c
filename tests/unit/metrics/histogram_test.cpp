#include "metrics/histogram.h"

#include <gmock/gmock.h>

#include <limits>

namespace sallyport::metrics {
namespace {

using testing::ElementsAre;

constexpr std::array<std::uint64_t, 3> kBounds{10, 100, 1000};

TEST(Histogram, AValueBelongsToTheFirstBoundThatIsNotBelowIt) {
  Histogram histogram(kBounds);
  for (const std::uint64_t value : {0U, 10U, 11U, 100U, 101U, 1000U, 1001U}) {
    histogram.observe(value);
  }
  EXPECT_THAT(histogram.counts(), ElementsAre(2, 2, 2, 1));
  EXPECT_EQ(histogram.count(), 7U);
  EXPECT_EQ(histogram.sum(), 2223U);
}

TEST(Histogram, WhatIsBeyondTheLastBoundIsCountedThere) {
  Histogram histogram(kBounds);
  histogram.observe(std::numeric_limits<std::uint64_t>::max());
  EXPECT_THAT(histogram.counts(), ElementsAre(0, 0, 0, 1));
}

TEST(Histogram, TwoTogetherAreWhatOneWouldHaveSeen) {
  Histogram one(kBounds);
  Histogram other(kBounds);
  Histogram both(kBounds);
  for (std::uint64_t value = 1; value < 5000; value += 37) {
    (value % 2 == 0 ? one : other).observe(value);
    both.observe(value);
  }
  one.add(other);
  EXPECT_THAT(one.counts(), testing::ElementsAreArray(both.counts()));
  EXPECT_EQ(one.count(), both.count());
  EXPECT_EQ(one.sum(), both.sum());
}

TEST(Histogram, TheMostBoundsAreAllUsable) {
  std::array<std::uint64_t, Histogram::kMostBounds> bounds{};
  for (std::size_t at = 0; at < bounds.size(); ++at) bounds[at] = at;
  Histogram histogram(bounds);
  for (std::size_t value = 0; value <= bounds.size(); ++value) histogram.observe(value);
  EXPECT_THAT(histogram.counts(), testing::Each(1));
  EXPECT_EQ(histogram.counts().size(), bounds.size() + 1);
}

}  // namespace
}  // namespace sallyport::metrics
