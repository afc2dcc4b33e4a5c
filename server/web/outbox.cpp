#include "web/outbox.h"

#include <utility>

namespace sallyport::web {

void Outbox::finish_now(protocol::CloseCode code) {
  control_.clear();
  pong_.clear();
  size_.clear();
  accepted_.reset();
  last_.reset();
  if (!close_) close_ = code;
}

bool Outbox::next_control(std::string& frame) {
  if (!control_.empty()) {
    frame = std::move(control_.front());
    control_.pop_front();
    return true;
  }
  for (std::string* const one : {&size_, &pong_}) {
    if (one->empty()) continue;
    frame = std::exchange(*one, {});
    return true;
  }
  return false;
}

bool Outbox::next(std::string& frame, session::ViewerPort* port) {
  if (next_control(frame)) return true;
  frame.clear();
  const bool output = port && port->has_output();
  // Nobody waits for it as for the echo, so one piece of output goes before it; not more, or a
  // flood would keep it for good.
  if (accepted_ && (!output || after_output_)) {
    protocol::encode(frame, protocol::Accepted{*std::exchange(accepted_, std::nullopt)});
    after_output_ = false;
    return true;
  }
  if (output) {
    after_output_ = true;
    const auto [end, data] = port->take();
    if (data.empty()) return next_control(frame);  // what came in place of output
    protocol::encode(frame, protocol::Output{end, data});
    return true;
  }
  if (last_) {
    frame = std::move(*last_);
    last_.reset();
    return true;
  }
  return false;
}

std::optional<protocol::CloseCode> Outbox::close_due(const session::ViewerPort* port) const {
  const bool output = port && port->has_output();
  const bool control = !control_.empty() || !pong_.empty() || !size_.empty() || accepted_;
  if (control || last_ || output) return std::nullopt;
  return close_;
}

}  // namespace sallyport::web
