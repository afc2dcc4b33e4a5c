#include "session/seat.h"

#include <utility>

namespace sallyport::session {

Seat::~Seat() {
  if (!lost_) session_->leave(*this, end_seen_);
}

bool Seat::has_output() const {
  const auto& log = session_->log_;
  if (lost_) return false;
  if (size_due()) return true;
  if (cursor_ >= log.end()) return false;
  return role_ == Role::kKeyboard || session_->ended_ ||
         cursor_ - acked_ < session_->options_.window_bytes;
}

ViewerPort::Piece Seat::take() {
  const auto& log = session_->log_;
  if (cursor_ < log.start()) {
    const auto start = log.safe_cut(log.start());
    session_->meter_.skipped(start - cursor_);
    cursor_ = acked_ = start;
    if (has_keyboard()) session_->acked(start);
    viewer_.on_attached(session_->attached_at(start));
    return {cursor_, {}};
  }
  if (size_due()) {
    viewer_.on_resized(*std::exchange(size_, std::nullopt));
    return {cursor_, {}};
  }
  auto data = log.read(cursor_, kMostOutput);
  if (size_) data = data.substr(0, static_cast<std::size_t>(size_at_ - cursor_));
  cursor_ += data.size();
  if (has_keyboard()) session_->taken(cursor_);
  return {cursor_, data};
}

void Seat::resized(protocol::Size size) {
  size_ = size;
  size_at_ = session_->log_.end();
  if (size_due()) viewer_.on_output();
}

void Seat::ack(std::uint64_t end) {
  if (lost_) return;
  if (end > cursor_) return refuse("ack: end is beyond what was sent");
  if (end <= acked_) return;
  const bool full = !has_output();
  acked_ = end;
  if (has_keyboard()) return session_->acked(end);
  if (full && has_output()) viewer_.on_output();
}

void Seat::input(std::uint64_t seq, std::string_view utf8) {
  if (lost_) return;
  if (role_ == Role::kWatcher) return refuse("input: a watcher cannot type");
  if (!session_->input(seq, utf8)) refuse("input: seq leaves a gap");
}

void Seat::resize(protocol::Size size) {
  if (has_keyboard()) session_->resize(size);
}

void Seat::ping(std::uint64_t id) {
  if (!lost_) viewer_.on_pong(session_->pong(id));
}

std::size_t Seat::input_backlog() const { return has_keyboard() ? session_->input_backlog() : 0; }

void Seat::set_acks_unread(bool unread) {
  if (has_keyboard()) session_->set_acks_unread(unread);
}

void Seat::hang_up() {
  if (!has_keyboard()) return;
  lost_ = true;
  session_->hang_up();
}

void Seat::lose(const base::Failure& why) {
  lost_ = true;
  viewer_.on_failed(why);
}

// Who breaks the protocol has to come again.
void Seat::refuse(std::string_view reason) {
  session_->leave(*this, false);
  lose(base::failure::bad_frame(reason));
}

}  // namespace sallyport::session
