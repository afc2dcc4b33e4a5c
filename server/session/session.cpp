#include "session/session.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/ids.h"
#include "session/close_code.h"

namespace sallyport::session {
namespace {

// Output is announced when the shell has nothing more to read; in a flood, where that moment does
// not come, after this many bytes: half a frame of 64 KiB, so that the socket is busy while the
// rest is read.
constexpr std::uint64_t kTellBytes = 32 * 1024;

// A shell that fails this soon after its start, before anybody typed, never was one (nologin, a
// broken profile).
constexpr std::chrono::seconds kAtOnce{3};

}  // namespace

Session::Session(net::Executor executor, Registry::Slot slot, SessionOptions options,
                 terminal::Charset charset)
    : executor_(executor),
      slot_(std::move(slot)),
      charset_(std::move(charset)),
      log_(options.log_bytes),
      window_(options.window_bytes),
      token_(base::random_id(base::kTokenBytes)) {}

Session::~Session() {
  // The last reference may go inside one of the shell's own events, so the shell goes by way of the
  // reader's queue.
  if (shell_) {
    shell_->hang_up();
    boost::asio::post(executor_, [shell = std::move(shell_)] {});
  }
}

void Session::run(std::unique_ptr<terminal::Shell> shell, Description description) {
  shell_ = std::move(shell);
  description_ = std::move(description);
  started_ = std::chrono::steady_clock::now();
}

void Session::attach(Viewer& viewer) {
  viewer_ = &viewer;
  sent_ = told_ = log_.start();
  window_.restart(log_.start());
  window_.produced(log_.end());
  update_reading();
  if (log_.end() > told_) on_output_pause();
}

void Session::detach(Viewer& viewer) {
  if (viewer_ == &viewer) viewer_ = nullptr;
}

void Session::sent(std::uint64_t offset) {
  sent_ = offset;
  if (acks_unread_) update_reading();
}

bool Session::ack(std::uint64_t end) {
  if (end > sent_) return false;
  window_.acked(end);  // one that goes back says nothing new
  update_reading();
  return true;
}

bool Session::input(std::uint64_t seq, std::string_view utf8) {
  if (seq > input_seq_ + 1) return false;
  if (seq == input_seq_ + 1) {
    input_seq_ = seq;
    if (shell_ && !ended_) {
      if (charset_.is_utf8()) {
        shell_->write(utf8);
      } else {
        encoded_.clear();
        charset_.encode(utf8, encoded_);
        shell_->write(encoded_);
      }
    }
  }
  // What waits for the host is accepted when it is gone (on_input_drained), so that `accepted`
  // paces a big paste.
  if (viewer_ && input_backlog() == 0) viewer_->on_accepted(input_seq_);
  return true;
}

std::size_t Session::input_backlog() const { return shell_ && !ended_ ? shell_->backlog() : 0; }

void Session::set_acks_unread(bool unread) {
  acks_unread_ = unread;
  update_reading();
}

void Session::resize(protocol::Size size) {
  if (shell_ && !ended_) shell_->resize(size.cols, size.rows);
}

void Session::hang_up() {
  ended_ = true;
  viewer_ = nullptr;
  if (shell_) shell_->hang_up();
}

void Session::on_output(std::string_view bytes) {
  decoded_.clear();
  charset_.decode(bytes, decoded_);
  log_.append(decoded_);
  window_.produced(log_.end());
  update_reading();
  if (log_.end() - told_ >= kTellBytes) on_output_pause();
}

void Session::on_output_pause() {
  if (log_.end() == told_) return;
  told_ = log_.end();
  if (viewer_) viewer_->on_output();
}

void Session::on_input_drained() {
  if (viewer_) viewer_->on_accepted(input_seq_);
}

void Session::on_exit(const terminal::ShellExit& exit) {
  const auto self = shared_from_this();
  finish_output();
  const bool failed = exit.status != 0 || !exit.signal.empty();
  const bool at_once = input_seq_ == 0 && std::chrono::steady_clock::now() - started_ < kAtOnce;
  if (!viewer_) return;
  if (failed && at_once && exit.signal.empty()) {
    const auto failure = base::failure::shell_ended_at_once(exit.status);
    viewer_->on_failed(failure, close_code(failure));
  } else {
    viewer_->on_exited(exit);
  }
}

void Session::on_failure(const base::Failure& failure) {
  const auto self = shared_from_this();
  finish_output();
  if (viewer_) viewer_->on_failed(failure, close_code(failure));
}

void Session::finish_output() {
  ended_ = true;
  decoded_.clear();
  charset_.finish(decoded_);
  log_.append(decoded_);
  on_output_pause();
}

void Session::update_reading() {
  const bool blocked_by_acks = window_.paused() && !(acks_unread_ && sent_ == log_.end());
  const bool reading = !blocked_by_acks;
  if (reading == reading_ || !shell_ || ended_) return;
  reading_ = reading;
  if (reading) {
    shell_->resume();
  } else {
    shell_->pause();
  }
}

}  // namespace sallyport::session
