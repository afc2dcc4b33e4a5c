#include "web/outbox.h"

#include <utility>

namespace sallyport::web {

void Outbox::finish_now(protocol::CloseCode code) {
  control_.clear();
  accepted_.reset();
  last_.reset();
  if (!close_) close_ = code;
}

bool Outbox::next(std::string& frame, const terminal::OutputLog* log) {
  if (!control_.empty()) {
    frame = std::move(control_.front());
    control_.pop_front();
    return true;
  }
  frame.clear();
  if (accepted_) {
    protocol::encode(frame, protocol::Accepted{*std::exchange(accepted_, std::nullopt)});
    return true;
  }
  if (has_output(log)) {
    const auto data = log->read(cursor_, kOutputBytes);
    cursor_ += data.size();
    protocol::encode(frame, protocol::Output{cursor_, data});
    return true;
  }
  if (last_) {
    frame = std::move(*last_);
    last_.reset();
    return true;
  }
  return false;
}

std::optional<protocol::CloseCode> Outbox::close_due(const terminal::OutputLog* log) const {
  if (!control_.empty() || accepted_ || last_ || has_output(log)) return std::nullopt;
  return close_;
}

}  // namespace sallyport::web
