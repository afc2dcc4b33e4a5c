#include "net/deadline.h"

#include <boost/system/error_code.hpp>
#include <utility>

namespace sallyport::net {

struct Deadline::State {
  State(const Executor& executor, std::function<void()> handler)
      : timer(executor), on_expiry(std::move(handler)) {}
  Timer timer;
  std::function<void()> on_expiry;
  bool expired = false;
};

// The handler holds the state: when the deadline is destroyed after the timer fired and before the
// handler ran, it finds no on_expiry any more.
Deadline::Deadline(const Executor& executor, std::chrono::milliseconds limit,
                   std::function<void()> on_expiry)
    : state_(std::make_shared<State>(executor, std::move(on_expiry))) {
  state_->timer.expires_after(limit);
  state_->timer.async_wait([state = state_](const boost::system::error_code& error) {
    if (error || !state->on_expiry) return;
    state->expired = true;
    std::exchange(state->on_expiry, nullptr)();
  });
}

Deadline::~Deadline() {
  state_->on_expiry = nullptr;
  state_->timer.cancel();
}

bool Deadline::expired() const { return state_->expired; }

}  // namespace sallyport::net
