#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "metrics/histogram.h"

namespace sallyport::metrics {

// What the sessions with one target did, on one reader thread. A plain value: no mutex and no
// atomic, so every call is made on that thread. metrics::Meters makes and keeps them; a session
// holds a reference, which stays good as long as the Meters.
//
// What docs/metrics.md promises about each is said here, for whoever calls it.
class Meter {
 public:
  using Duration = std::chrono::steady_clock::duration;

  Meter();

  // A session runs: call once its shell does, so that nobody fills the table of targets with names
  // that never answered.
  void opened() { ++opened_; }
  void ended() { ++ended_; }            // for whatever reason; once for each opened()
  void resumed() { ++resumed_; }        // an `attach` to a session that nobody held
  void taken_over() { ++taken_over_; }  // an `attach` that took the keyboard from somebody
  void watched() { ++watched_; }        // a watcher came

  // From input that was handed to the host to the host's next output: what a user feels of the way
  // behind the gateway. Input that comes while one is measured is not measured on its own.
  void echo(Duration time);
  // How long the shell was held because the browser had not acknowledged (or nobody was there and
  // the log was full), told when the hold ends.
  void stall(Duration time);
  // Output the browser has not acknowledged, when it is told that there is more.
  void queued(std::size_t bytes) { queued_.observe(bytes); }

  void output(std::size_t bytes) { output_ += bytes; }      // UTF-8, into the log
  void input(std::size_t bytes) { input_ += bytes; }        // UTF-8, taken for the host
  void skipped(std::uint64_t bytes) { skipped_ += bytes; }  // output that a client never got

  // For the scrape: everything `other` counted, too.
  void add(const Meter& other);
  const Histogram& echo() const { return echo_; }      // nanoseconds
  const Histogram& stall() const { return stall_; }    // nanoseconds
  const Histogram& queued() const { return queued_; }  // bytes
  std::uint64_t opened_count() const { return opened_; }
  std::uint64_t ended_count() const { return ended_; }
  std::uint64_t resumed_count() const { return resumed_; }
  std::uint64_t taken_over_count() const { return taken_over_; }
  std::uint64_t watched_count() const { return watched_; }
  std::uint64_t output_bytes() const { return output_; }
  std::uint64_t input_bytes() const { return input_; }
  std::uint64_t skipped_bytes() const { return skipped_; }

 private:
  Histogram echo_;
  Histogram stall_;
  Histogram queued_;
  std::uint64_t opened_ = 0;
  std::uint64_t ended_ = 0;
  std::uint64_t resumed_ = 0;
  std::uint64_t taken_over_ = 0;
  std::uint64_t watched_ = 0;
  std::uint64_t output_ = 0;
  std::uint64_t input_ = 0;
  std::uint64_t skipped_ = 0;
};

}  // namespace sallyport::metrics
