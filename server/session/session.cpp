#include "session/session.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/ids.h"
#include "session/seat.h"

namespace sallyport::session {
namespace {

using Clock = std::chrono::steady_clock;

// Output is announced when the shell has nothing more to read; in a flood, where that moment does
// not come, after this many bytes: half a frame of 64 KiB, so that the socket is busy while the
// rest is read.
constexpr std::uint64_t kTellBytes = 32 * 1024;

// A shell that fails this soon after its start, before anybody typed, never was one (nologin, a
// broken profile).
constexpr std::chrono::seconds kAtOnce{3};

// What one read of the shell may add to the log: 32 KiB, which are taken off the window, so that it
// is not exceeded; at most three times that, when each byte becomes a U+FFFD. So much is kept
// beyond the configured size, so that what is not acknowledged is never lost.
constexpr std::size_t kRead = 32 * 1024;
constexpr std::size_t kOneRead = 3 * kRead;

// Scratch of on_output() and input(), kept for its capacity: one per thread, not per session.
thread_local std::string decoded;
thread_local std::string encoded;

}  // namespace

Session::Session(net::Executor executor, Registry::Slot slot, const SessionOptions& options,
                 metrics::Meter& meter, terminal::Charset charset)
    : executor_(executor),
      slot_(std::move(slot)),
      options_(options),
      meter_(meter),
      charset_(std::move(charset)),
      log_(options.log_bytes + kOneRead),
      window_(options.window_bytes > 4 * kRead ? options.window_bytes - kRead
                                               : options.window_bytes),
      token_(base::random_id(base::kTokenBytes)),
      lifetime_(options.lifetime, Clock::now()),
      timer_(executor) {
  if (options.watchers > 0) watch_ = base::Secret(base::random_id(base::kTokenBytes));
}

Session::~Session() { release_shell(); }

// This may happen inside one of the shell's own events, so the shell goes by way of the reader's
// queue.
void Session::release_shell() {
  if (!shell_) return;
  meter_.ended();
  slot_.reset();
  lifetime_.end();
  shell_->hang_up();
  boost::asio::post(executor_, [shell = std::move(shell_)] {});
}

void Session::run(std::unique_ptr<terminal::Shell> shell, Description description,
                  protocol::Size size, std::string client, Registry& registry) {
  client_ = std::move(client);
  shell_ = std::move(shell);
  description_ = std::move(description);
  size_ = size;
  started_ = Clock::now();
  meter_.opened();
  membership_ = registry.join(shared_from_this(),
                              {executor_, description_.id, token_.duplicate(), watch_.duplicate(),
                               description_.host, description_.port, description_.username});
}

void Session::hang_up() {
  const auto self = shared_from_this();
  const bool told = std::exchange(ended_, true);
  release_shell();
  timer_.cancel();
  keyboard_ = nullptr;
  // Watchers who were told how it ended read on: what is left is theirs.
  for (Seat* const watcher : std::exchange(watchers_, {})) {
    if (!told) watcher->lose(base::failure::closed_by_owner());
  }
  membership_.leave();
}

void Session::forget_output() {
  if (lifetime_.attached()) return;
  log_.forget();
  window_.restart(log_.end());
  membership_.set_log_bytes(log_.memory());
  update_reading();
}

// ---- output

void Session::on_output(std::string_view bytes) {
  decoded.clear();
  charset_.decode(bytes, decoded);
  append(decoded);
  update_reading();
  if (log_.end() - told_ >= kTellBytes) on_output_pause();
}

void Session::append(std::string_view utf8) {
  if (utf8.empty()) return;
  if (typed_) meter_.echo(Clock::now() - *std::exchange(typed_, std::nullopt));
  meter_.output(utf8.size());
  const auto memory = log_.memory();
  log_.append(utf8);
  window_.produced(log_.end());
  if (log_.memory() != memory) membership_.set_log_bytes(log_.memory());
}

void Session::on_output_pause() {
  if (log_.end() == told_) return;
  told_ = log_.end();
  if (keyboard_) {
    meter_.queued(window_.outstanding());
    keyboard_->viewer().on_output();
  }
  for (std::size_t at = 0; at < watchers_.size(); ++at) watchers_[at]->viewer().on_output();
}

void Session::taken(std::uint64_t offset) {
  taken_ = offset;
  window_.sent(offset, Clock::now());
  if (acks_unread_) update_reading();
}

void Session::acked(std::uint64_t end) {
  window_.acked(end, Clock::now());  // one that goes back says nothing new
  update_reading();
}

void Session::set_acks_unread(bool unread) {
  acks_unread_ = unread;
  update_reading();
}

// The shell is read while whoever has the keyboard keeps up. While nobody has it, the log takes
// what it holds; then the shell waits for somebody to come back, and after a while runs on.
void Session::update_reading() {
  if (!shell_ || ended_) return;
  const bool full = keyboard_ ? window_.paused() && !(acks_unread_ && taken_ == log_.end())
                              : lifetime_.holding() && window_.outstanding() >= options_.log_bytes;
  if (full == stalled_.has_value()) return;
  if (full) {
    stalled_ = Clock::now();
    shell_->pause();
  } else {
    meter_.stall(Clock::now() - *std::exchange(stalled_, std::nullopt));
    shell_->resume();
  }
}

// ---- input

bool Session::input(std::uint64_t seq, std::string_view utf8) {
  if (seq > input_seq_ + 1) return false;
  if (seq == input_seq_ + 1) {
    input_seq_ = seq;
    if (numbered_by_ != client_) numbered_by_ = client_;
    if (shell_ && !ended_ && !utf8.empty()) {
      const auto now = Clock::now();
      lifetime_.typed(now);
      if (!typed_) typed_ = now;
      meter_.input(utf8.size());
      if (charset_.is_utf8()) {
        shell_->write(utf8);
      } else {
        encoded.clear();
        charset_.encode(utf8, encoded);
        shell_->write(encoded);
      }
    }
  }
  // What waits for the host is accepted when it is gone (on_input_drained), so that `accepted`
  // paces a big paste.
  if (keyboard_ && input_backlog() == 0) keyboard_->viewer().on_accepted(input_seq_);
  return true;
}

void Session::on_input_drained() {
  if (keyboard_) keyboard_->viewer().on_accepted(input_seq_);
}

void Session::resize(protocol::Size size) {
  if (size == size_) return;
  size_ = size;
  was_resized_ = true;
  if (shell_ && !ended_) shell_->resize(size.cols, size.rows);
  for (std::size_t at = 0; at < watchers_.size(); ++at) watchers_[at]->resized(size);
}

protocol::Pong Session::pong(std::uint64_t id) const {
  return {id, shell_ && !ended_ ? shell_->round_trip() : std::nullopt};
}

// ---- the end

void Session::on_exit(const terminal::ShellExit& exit) {
  const bool failed = exit.status != 0 && exit.signal.empty();
  if (failed && input_seq_ == 0 && Clock::now() - started_ < kAtOnce) {
    failure_ = base::failure::shell_ended_at_once(exit.status);
  } else {
    exit_ = exit;
  }
  tell_end();
}

void Session::on_failure(const base::Failure& failure) {
  failure_ = failure;
  tell_end();
}

void Session::end(const base::Failure& failure) {
  const auto self = shared_from_this();
  failure_ = failure;
  const bool unseen = keyboard_ == nullptr;
  tell_end();
  if (unseen) membership_.leave();
}

void Session::tell_end() {
  const auto self = shared_from_this();
  ended_ = true;
  decoded.clear();
  charset_.finish(decoded);
  append(decoded);
  release_shell();
  if (!keyboard_) update_timer();
  on_output_pause();
  if (keyboard_) tell_end(keyboard_->viewer());
  for (std::size_t at = 0; at < watchers_.size(); ++at) tell_end(watchers_[at]->viewer());
}

void Session::tell_end(Viewer& viewer) const {
  if (failure_) {
    viewer.on_failed(*failure_);
  } else {
    viewer.on_exited(*exit_);
  }
}

}  // namespace sallyport::session
