#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::policy {

using Clock = std::chrono::steady_clock;

struct BrakeOptions {
  unsigned free = 5;  // failures that cost nothing
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds most{30'000};     // what the delay doubles up to; 0: no brake
  std::chrono::milliseconds forget{600'000};  // without another failure
  std::size_t keys = 20'000;                  // remembered; beyond them the oldest is forgotten
};

// Slows down what fails again and again, by a key (an address, a host, an account): each failure
// beyond the free ones doubles the time until the next try, up to a limit, so that guessing is slow
// and nobody is locked out for good. A success changes nothing: who has one account must not be
// able to reset what guesses at another cost. Time comes from outside. Not thread safe.
class Brake {
 public:
  explicit Brake(BrakeOptions options) : options_(options) {}

  // How long until `key` may try again; 0: now.
  std::chrono::milliseconds wait(std::string_view key, Clock::time_point now);
  // It tries now. Where it is braked the next must wait, whatever becomes of this one: tries at the
  // same time are no way around.
  void begin(std::string_view key, Clock::time_point now);
  void failed(std::string_view key, Clock::time_point now);
  bool clean(std::string_view key, Clock::time_point now) { return find(key, now) == nullptr; }
  std::size_t size() const { return by_key_.size(); }

 private:
  struct Record {
    std::string key;
    unsigned failures = 0;
    Clock::time_point last;
    Clock::time_point until;
  };
  using Records = std::list<Record>;  // the one that failed last is last

  Record* find(std::string_view key, Clock::time_point now);
  std::chrono::milliseconds delay(unsigned failures) const;

  BrakeOptions options_;
  Records records_;
  std::unordered_map<std::string_view, Records::iterator> by_key_;  // of the records' own keys
};

}  // namespace sallyport::policy
