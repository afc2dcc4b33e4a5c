#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "net/task.h"

namespace sallyport::net {

// Runs `on_expiry` once after `limit`, unless it was destroyed before. Cancel is close: the handler
// closes the socket that the guarded coroutine waits on, and that coroutine unwinds. Lives on the
// reader thread.
class Deadline {
 public:
  Deadline(const Executor& executor, std::chrono::milliseconds limit,
           std::function<void()> on_expiry);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  bool expired() const;  // on_expiry ran

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::net
