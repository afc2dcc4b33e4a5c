// How viewers come to a session and leave it, and how long it waits for them.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "session/seat.h"

namespace sallyport::session {
namespace {

using Clock = std::chrono::steady_clock;

// Between the two changes of size of a nudge: long enough that a program sees both.
constexpr std::chrono::milliseconds kNudge{100};

}  // namespace

std::unique_ptr<ViewerPort> Session::open(Viewer& viewer) {
  auto seat =
      std::make_unique<Seat>(shared_from_this(), viewer, Seat::Role::kKeyboard, log_.start());
  keyboard_ = seat.get();
  lifetime_.attach();
  window_.restart(log_.start());
  window_.produced(log_.end());
  update_reading();
  update_timer();
  return seat;
}

base::Result<void> Session::attach(Viewer& viewer, const Return& request,
                                   std::unique_ptr<ViewerPort>& port) {
  const bool keeps = log_.has(request.received);
  if (request.received > log_.end() || (keeps && !log_.begins_character(request.received))) {
    return std::unexpected(base::failure::bad_frame("attach: received was never sent"));
  }
  if (request.watch && watchers_.size() >= options_.watchers) {
    return std::unexpected(base::failure::too_many_watchers(options_.watchers));
  }
  const bool nameless = request.client.empty();
  const bool yours = nameless || input_seq_ == 0 || request.client == numbered_by_;
  if (!request.watch && !request.take && !nameless && request.client != client_) {
    return std::unexpected(base::failure::taken_over());
  }
  const auto self = shared_from_this();
  const std::uint64_t start = keeps ? request.received : log_.safe_cut(log_.start());
  const auto role = request.watch ? Seat::Role::kWatcher : Seat::Role::kKeyboard;
  auto own = std::make_unique<Seat>(self, viewer, role, start);
  Seat* const seat = own.get();
  port = std::move(own);
  meter_.skipped(start - request.received);

  if (request.watch) {
    meter_.watched();
    watchers_.push_back(seat);
    viewer.on_attached(attached_at(start));
  } else {
    if (keyboard_) {
      meter_.taken_over();
      std::exchange(keyboard_, nullptr)->lose(base::failure::taken_over());
    } else {
      meter_.resumed();
    }
    keyboard_ = seat;
    client_ = request.client;
    acks_unread_ = false;
    taken_ = start;
    lifetime_.attach();
    membership_.set_attached(true);
    window_.restart(start);
    window_.produced(log_.end());
    update_reading();
    update_timer();
    const bool redraw = start > request.received || (request.received == 0 && was_resized_);
    const bool same_size = request.size == size_;
    resize(request.size);
    if (redraw && same_size) nudge();
    viewer.on_attached(attached_at(start, yours));
    if (input_backlog() == 0 && input_seq_ > 0) viewer.on_accepted(input_seq_);
  }
  viewer.on_output();
  if (ended_) tell_end(viewer);
  return {};
}

void Session::leave(Seat& seat, bool end_seen) {
  std::erase(watchers_, &seat);
  if (keyboard_ != &seat) return;
  keyboard_ = nullptr;
  acks_unread_ = false;
  if ((ended_ && end_seen) || options_.lifetime.detached.count() == 0) return hang_up();
  lifetime_.detach(Clock::now());
  membership_.set_attached(false);
  update_reading();
  update_timer();
}

protocol::Attached Session::attached_at(std::uint64_t start, bool yours) const {
  return {input_seq_,
          yours,
          start,
          log_.end(),
          size_,
          description_.host,
          description_.port,
          description_.username,
          description_.algorithms};
}

// What was skipped cannot be drawn again from the output. A program that fills the screen draws it
// anew when the size changes.
void Session::nudge() {
  if (!shell_ || ended_) return;
  shell_->resize(size_.cols, size_.rows > 1 ? size_.rows - 1 : size_.rows + 1);
  const auto timer = std::make_shared<net::Timer>(executor_, kNudge);
  timer->async_wait([weak = weak_from_this(), timer](boost::system::error_code) {
    const auto session = weak.lock();
    if (!session || !session->shell_ || session->ended_) return;
    session->shell_->resize(session->size_.cols, session->size_.rows);
  });
}

// One timer, for whatever is due first; typing does not touch it.
void Session::update_timer() {
  const auto at = lifetime_.next();
  if (at == timer_at_) return;
  timer_at_ = at;
  if (at == Lifetime::Time::max()) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(at);
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
    if (cancelled) return;
    if (const auto session = weak.lock()) session->on_timer();
  });
}

void Session::on_timer() {
  timer_at_ = Lifetime::Time::max();
  const auto& limits = options_.lifetime;
  switch (lifetime_.due(Clock::now())) {
    case Lifetime::Due::kNothing:
      break;
    case Lifetime::Due::kHoldOver:
      update_reading();
      break;
    case Lifetime::Due::kDetachedLimit:
      return end(base::failure::detached_limit(base::whole_seconds(limits.detached)));
    case Lifetime::Due::kIdleLimit:
      return end(base::failure::idle_limit(base::whole_seconds(limits.idle)));
    case Lifetime::Due::kTotalLimit:
      return end(base::failure::time_limit(base::whole_seconds(limits.total)));
  }
  update_timer();
}

}  // namespace sallyport::session
