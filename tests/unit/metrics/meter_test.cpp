#include "metrics/meter.h"

#include <gmock/gmock.h>

namespace sallyport::metrics {
namespace {

using namespace std::chrono_literals;

// Which bucket of `histogram` holds its only value.
std::uint64_t bound_of_only(const Histogram& histogram) {
  for (std::size_t at = 0; at < histogram.bounds().size(); ++at) {
    if (histogram.counts()[at] == 1) return histogram.bounds()[at];
  }
  return 0;
}

TEST(Meter, TimesAreKeptInNanoseconds) {
  Meter meter;
  meter.echo(136us);
  EXPECT_EQ(meter.echo().sum(), 136'000U);
  EXPECT_EQ(bound_of_only(meter.echo()), 250'000U);
  meter.stall(2min);
  EXPECT_EQ(bound_of_only(meter.stall()), 120'000'000'000U);
}

TEST(Meter, AClockThatStoodStillIsNoTimeAndNotTheLongest) {
  Meter meter;
  meter.echo(0ns);
  meter.echo(-1ns);
  EXPECT_EQ(meter.echo().counts().front(), 2U);
  EXPECT_EQ(meter.echo().sum(), 0U);
}

TEST(Meter, BoundsReachFromTheQuickestToTheSlowest) {
  const Meter meter;
  EXPECT_EQ(meter.echo().bounds().front(), 50'000U);              // 50 us
  EXPECT_EQ(meter.echo().bounds().back(), 10'000'000'000U);       // 10 s
  EXPECT_EQ(meter.stall().bounds().front(), 1'000'000U);          // 1 ms
  EXPECT_EQ(meter.stall().bounds().back(), 300'000'000'000U);     // 5 min
  EXPECT_EQ(meter.queued().bounds().front(), 1024U);              // 1 KiB
  EXPECT_EQ(meter.queued().bounds().back(), 4U * 1024U * 1024U);  // 4 MiB
}

TEST(Meter, TwoTogetherHaveAllOfBoth) {
  Meter one;
  Meter other;
  for (Meter* meter : {&one, &other, &other}) {
    meter->opened();
    meter->ended();
    meter->resumed();
    meter->taken_over();
    meter->watched();
    meter->echo(1ms);
    meter->stall(1s);
    meter->queued(5000);
    meter->output(100);
    meter->input(10);
    meter->skipped(1);
  }
  one.add(other);
  EXPECT_EQ(one.opened_count(), 3U);
  EXPECT_EQ(one.ended_count(), 3U);
  EXPECT_EQ(one.resumed_count(), 3U);
  EXPECT_EQ(one.taken_over_count(), 3U);
  EXPECT_EQ(one.watched_count(), 3U);
  EXPECT_EQ(one.echo().sum(), 3'000'000U);
  EXPECT_EQ(one.stall().sum(), 3'000'000'000U);
  EXPECT_EQ(one.queued().sum(), 15'000U);
  EXPECT_EQ(one.output_bytes(), 300U);
  EXPECT_EQ(one.input_bytes(), 30U);
  EXPECT_EQ(one.skipped_bytes(), 3U);
}

}  // namespace
}  // namespace sallyport::metrics
