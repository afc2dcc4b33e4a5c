#pragma once

#include <algorithm>
#include <chrono>

namespace sallyport::session {

struct LifetimeOptions {
  // While nobody has the keyboard: how long a full log holds the shell, and when the session ends.
  std::chrono::milliseconds hold{120'000};
  std::chrono::milliseconds detached{std::chrono::hours(24)};  // 0: with its socket
  std::chrono::milliseconds idle{0};                           // without input; 0: no limit
  std::chrono::milliseconds total{0};                          // since it opened; 0: no limit
};

// How long a session may live and wait. Pure: it is told the time.
class Lifetime {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  enum class Due { kNothing, kHoldOver, kDetachedLimit, kIdleLimit, kTotalLimit };

  Lifetime(const LifetimeOptions& options, Time now)
      : options_(&options), opened_(now), typed_(now), detached_(now) {}

  void attach() { attached_ = true, holding_ = false; }
  void detach(Time now) { attached_ = false, holding_ = true, detached_ = now; }
  void typed(Time now) { typed_ = now; }
  void end() { ended_ = true; }  // of the shell

  bool attached() const { return attached_; }
  // Nobody has the keyboard, and the shell waits when the log is full.
  bool holding() const { return holding_; }

  // What is over now. kHoldOver is said once.
  Due due(Time now) {
    if (limited(options_->total) && now >= opened_ + options_->total) return Due::kTotalLimit;
    if (limited(options_->idle) && now >= typed_ + options_->idle) return Due::kIdleLimit;
    if (attached_) return Due::kNothing;
    if (now >= detached_ + detached_limit()) return Due::kDetachedLimit;
    if (!holding_ || now < detached_ + options_->hold) return Due::kNothing;
    holding_ = false;
    return Due::kHoldOver;
  }
  // When to ask again; Time::max(): when something changes.
  Time next() const {
    Time next = Time::max();
    if (limited(options_->total)) next = std::min(next, opened_ + options_->total);
    if (limited(options_->idle)) next = std::min(next, typed_ + options_->idle);
    if (!attached_) next = std::min(next, detached_ + detached_limit());
    if (holding_) next = std::min(next, detached_ + options_->hold);
    return next;
  }

 private:
  // The last words of a shell are kept for a while.
  static constexpr std::chrono::milliseconds kEndedLimit{std::chrono::hours(1)};
  std::chrono::milliseconds detached_limit() const {
    return ended_ ? std::min(options_->detached, kEndedLimit) : options_->detached;
  }
  static bool limited(std::chrono::milliseconds limit) { return limit.count() > 0; }

  const LifetimeOptions* options_;  // the gateway's
  Time opened_;
  Time typed_;
  Time detached_;  // when somebody last let go of the keyboard
  bool attached_ = false;
  bool ended_ = false;
  bool holding_ = false;
};

}  // namespace sallyport::session
