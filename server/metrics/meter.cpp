#include "metrics/meter.h"

#include <array>

namespace sallyport::metrics {
namespace {

constexpr std::uint64_t kMicrosecond = 1'000;  // in nanoseconds, as all times here
constexpr std::uint64_t kMillisecond = 1'000 * kMicrosecond;
constexpr std::uint64_t kSecond = 1'000 * kMillisecond;
constexpr std::uint64_t kKiB = 1024;

// From a host on the same machine to one that swaps.
constexpr std::array kEchoBounds{50 * kMicrosecond,  100 * kMicrosecond, 250 * kMicrosecond,
                                 500 * kMicrosecond, 1 * kMillisecond,   2'500 * kMicrosecond,
                                 5 * kMillisecond,   10 * kMillisecond,  25 * kMillisecond,
                                 50 * kMillisecond,  100 * kMillisecond, 250 * kMillisecond,
                                 500 * kMillisecond, 1 * kSecond,        2'500 * kMillisecond,
                                 5 * kSecond,        10 * kSecond};
// From one acknowledgement that was late to an absence beyond the usual hold.
constexpr std::array kStallBounds{1 * kMillisecond,   2'500 * kMicrosecond, 5 * kMillisecond,
                                  10 * kMillisecond,  25 * kMillisecond,    50 * kMillisecond,
                                  100 * kMillisecond, 250 * kMillisecond,   500 * kMillisecond,
                                  1 * kSecond,        2'500 * kMillisecond, 5 * kSecond,
                                  10 * kSecond,       30 * kSecond,         60 * kSecond,
                                  120 * kSecond,      300 * kSecond};
// Around the window of 256 KiB and the log of 1 MiB.
constexpr std::array kQueuedBounds{1 * kKiB,   4 * kKiB,   16 * kKiB,  32 * kKiB,   64 * kKiB,
                                   128 * kKiB, 256 * kKiB, 512 * kKiB, 1024 * kKiB, 4096 * kKiB};

std::uint64_t nanoseconds(Meter::Duration time) {
  const auto count = std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
  return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

}  // namespace

Meter::Meter() : echo_(kEchoBounds), stall_(kStallBounds), queued_(kQueuedBounds) {}

void Meter::echo(Duration time) { echo_.observe(nanoseconds(time)); }

void Meter::stall(Duration time) { stall_.observe(nanoseconds(time)); }

void Meter::add(const Meter& other) {
  echo_.add(other.echo_);
  stall_.add(other.stall_);
  queued_.add(other.queued_);
  opened_ += other.opened_;
  ended_ += other.ended_;
  resumed_ += other.resumed_;
  taken_over_ += other.taken_over_;
  watched_ += other.watched_;
  output_ += other.output_;
  input_ += other.input_;
  skipped_ += other.skipped_;
}

}  // namespace sallyport::metrics
