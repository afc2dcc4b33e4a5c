#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/failure.h"
#include "metrics/meter.h"

namespace sallyport::metrics {

// Which targets have a label of their own: the first so many; the others share "other", because a
// gateway that lets users type any address would otherwise let them fill the monitoring's store.
// One for the gateway, so that all reader threads agree; asked once a login, never for a key.
// Thread safe.
class TargetLabels {
 public:
  static constexpr std::size_t kMost = 200;
  static constexpr std::size_t kLongest = 128;  // bytes; a longer one is cut
  static constexpr std::string_view kOther = "other";

  explicit TargetLabels(std::size_t most = kMost) : most_(most) {}

  // "db-3.corp:22", "[::1]:22", in lower case, without control characters and whatever else is not
  // ASCII.
  std::string label(std::string_view host, unsigned port);

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> known_;
};

// What was measured, as a value that travels to the thread that asked.
struct Snapshot {
  using Ending =
      std::pair<std::string, std::string>;  // stage and code, as `error` frames have them

  std::map<std::string, Meter, std::less<>> targets;
  std::map<Ending, std::uint64_t> failures;

  void add(const Snapshot& other);
};

// All that one reader thread measures; touched only there. Must outlive the sessions of that
// thread.
//
// The gateway has one Meters for each reader thread, in an array that never changes after the start
// (app::MetersByThread). A session is given its meter when its shell is opened; nothing is looked
// up for a key.
class Meters {
 public:
  explicit Meters(TargetLabels& labels) : labels_(labels) {}
  Meters(Meters&&) = default;
  Meters(const Meters&) = delete;
  Meters& operator=(const Meters&) = delete;

  // The target as the user asked for it. Its address never changes.
  Meter& target(std::string_view host, unsigned port);
  // An error that a browser was told: a login that came to nothing, a session that was cut, a bad
  // frame.
  void failed(const base::Failure& failure);

  const Snapshot& snapshot() const { return measured_; }  // copy it before it leaves the thread

 private:
  TargetLabels& labels_;
  Snapshot measured_;
};

}  // namespace sallyport::metrics
