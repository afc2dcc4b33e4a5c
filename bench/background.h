#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>
#include <vector>

#include "terminal.h"

namespace sallyport::bench {

// Terminals whose output is read and acknowledged by a thread of its own while something else is
// measured.
class Background {
 public:
  explicit Background(std::vector<std::unique_ptr<Terminal>> terminals);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Bytes of output so far.
  std::uint64_t received() const { return received_; }
  // Ends the thread; throws what ended it early.
  void stop();

 private:
  void read_all();
  std::vector<std::unique_ptr<Terminal>> terminals_;
  std::atomic<std::uint64_t> received_ = 0;
  std::atomic<bool> stopping_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace sallyport::bench
