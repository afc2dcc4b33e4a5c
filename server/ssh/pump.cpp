#include "ssh/pump.h"

#include <libssh2.h>

#include <algorithm>
#include <array>

namespace sallyport::ssh {
namespace {

// One per thread, not per session: what is read is handed on before the next read.
constexpr std::size_t kReadBuffer = 32 * 1024;  // bytes; one packet of OpenSSH's
thread_local std::array<char, kReadBuffer> read_buffer;

// What libssh2 may queue while the shell is paused and we only look for a window adjustment.
constexpr std::size_t kQueueLimit = 1024 * 1024;
constexpr std::size_t kReceivesWhilePaused = 4;
constexpr std::size_t kMaxSignalName = 32;
constexpr unsigned kKeepAliveSeconds = 1;  // libssh2's own clock: when we ask, one is due

}  // namespace

Pump::Pump(ByteStream& stream) : transport_(stream) {
  context_.transport = &transport_;
  session_ = open_session(context_);
  libssh2_keepalive_config(session_, 0, kKeepAliveSeconds);
}

Pump::~Pump() { close_session(context_, session_); }

const std::string& Pump::goodbye() const { return context_.goodbye; }

Pump::Wants Pump::wants() const {
  Wants wants;
  if (end_ != End::kRunning) return wants;
  const bool something_waits = backlog() > 0 || resize_sending_;
  // A paused shell is not read, so that the host's window closes; but what waits for its window, or
  // for the end of a key re-exchange, waits for reading.
  wants.read = transport_.may_read() && (!paused_ || something_waits);
  wants.write = transport_.unsent();
  // When nothing can be sent any more, what is left to read decides.
  wants.again = (more_ || !transport_.can_send()) && !paused_;
  return wants;
}

Pump::Wants Pump::turn(const OnOutput& on_output) {
  if (end_ == End::kRunning) {
    more_ = false;
    transport_.flush();
    transport_.hold(paused_ && context_.memory.used() > kQueueLimit);
    transport_.allow_receives(paused_ ? kReceivesWhilePaused : 0);
    send_resize();
    send_input();
    read_output(on_output);
    // Reading may have opened the host's window.
    transport_.allow_receives(0);
    send_resize();
    send_input();
    settle();
  }
  return wants();
}

bool Pump::write(std::string_view bytes) {
  if (end_ != End::kRunning) return false;
  if (backlog() > 0) {
    input_ += bytes;
    return false;  // a turn is due already
  }
  transport_.allow_receives(0);
  while (!bytes.empty() && !transport_.unsent()) {
    const ssize_t n = libssh2_channel_write_ex(channel_, 0, bytes.data(), bytes.size());
    if (n == LIBSSH2_ERROR_EAGAIN || n == 0) break;
    if (n < 0) {
      fail(n);
      return true;
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (!bytes.empty()) input_.assign(bytes);
  return !bytes.empty() || transport_.unsent() || !transport_.can_send();
}

// What libssh2 began to send must be repeated with the same bytes: input_ only grows at its end.
void Pump::send_input() {
  while (backlog() > 0 && !transport_.unsent() && end_ == End::kRunning) {
    const ssize_t n = libssh2_channel_write_ex(channel_, 0, input_.data() + input_at_, backlog());
    if (n == LIBSSH2_ERROR_EAGAIN || n == 0) return;
    if (n < 0) return fail(n);
    input_at_ += static_cast<std::size_t>(n);
  }
  if (backlog() == 0 && !input_.empty()) {
    std::string().swap(input_);
    input_at_ = 0;
  }
}

bool Pump::resize(unsigned cols, unsigned rows) {
  if (end_ != End::kRunning) return false;
  resize_next_ = {cols, rows};
  transport_.allow_receives(0);
  send_resize();
  return resize_sending_ || transport_.unsent() || !transport_.can_send();
}

void Pump::send_resize() {
  while (end_ == End::kRunning && (resize_sending_ || resize_next_)) {
    if (!resize_sending_) resize_sending_ = std::exchange(resize_next_, std::nullopt);
    const int code =
        libssh2_channel_request_pty_size_ex(channel_, static_cast<int>(resize_sending_->first),
                                            static_cast<int>(resize_sending_->second), 0, 0);
    if (code == LIBSSH2_ERROR_EAGAIN) return;
    resize_sending_.reset();
    if (code < 0) return fail(code);
  }
}

void Pump::keep_alive() {
  if (end_ != End::kRunning || transport_.unsent()) return;  // what is unsent serves as well
  int unused = 0;
  const int code = libssh2_keepalive_send(session_, &unused);
  if (code < 0) fail(code);
}

void Pump::read_output(const OnOutput& on_output) {
  std::size_t left = kTurnBytes;
  while (!paused_ && end_ == End::kRunning) {
    if (left == 0) {
      more_ = true;
      return;
    }
    transport_.allow_receives(1);
    if (!send_widening()) return;
    const ssize_t n = libssh2_channel_read_ex(channel_, 0, read_buffer.data(), read_buffer.size());
    if (n > 0) {
      const auto count = static_cast<std::size_t>(n);
      left -= std::min(left, count);
      read_at_once_ += count;
      printed_ = true;
      on_output(std::string_view(read_buffer.data(), count));
      if (!paused_) widen_window();
    } else if (n == LIBSSH2_ERROR_EAGAIN || n == 0) {
      if (n == 0 && libssh2_channel_eof(channel_) != 0) return;
      const bool may_go_on =
          !transport_.dry() && transport_.may_read() && transport_.end() == Transport::End::kNone;
      if (!may_go_on) return;
      left -= std::min(left, std::size_t{4096});  // half a packet, or one that was not output
    } else {
      return fail(n);
    }
  }
}

// libssh2 keeps the window at what the channel was opened with; more is given here, when half of it
// is used up. Only right after a read that gave output: libssh2 has no adjustment of its own under
// way then, and two would be sent as one and counted as the other.
void Pump::widen_window() {
  if (window_ < window_limit_ && read_at_once_ >= std::size_t{4} * window_) {
    window_ = std::min(window_ * 2, window_limit_);
    read_at_once_ = 0;
  }
  if (window_ <= kFirstWindow) return;
  const auto open = libssh2_channel_window_read_ex(channel_, nullptr, nullptr);
  if (open < window_ / 2) widening_ = window_ - static_cast<unsigned>(open);
}

// After EAGAIN (a key re-exchange) it is repeated with the same number, before anything is read.
bool Pump::send_widening() {
  if (widening_ == 0) return true;
  const int code = libssh2_channel_receive_window_adjust2(channel_, widening_, 1, nullptr);
  if (code == LIBSSH2_ERROR_EAGAIN) return false;
  widening_ = 0;
  if (code < 0) fail(code);
  return end_ == End::kRunning;
}

void Pump::fail(long code) {
  if (end_ != End::kRunning) return;
  if (transport_.end() == Transport::End::kTimedOut) {
    end_ = End::kTimedOut;
  } else if (context_.disconnected || transport_.end() != Transport::End::kNone ||
             code == LIBSSH2_ERROR_CHANNEL_CLOSED || code == LIBSSH2_ERROR_CHANNEL_EOF_SENT) {
    end_ = End::kClosed;
  } else {
    reason_ = error().text;
    end_ = End::kBroken;
  }
}

void Pump::settle() {
  if (end_ != End::kRunning || more_ || paused_) return;
  if (libssh2_channel_eof(channel_) != 0) {
    // The exit status comes before the close, but not always before the end of the output (RFC
    // 4254, section 6.10).
    transport_.allow_receives(kReceivesWhilePaused);
    const int code = libssh2_channel_wait_closed(channel_);
    if (code == 0) {
      exit_.status = libssh2_channel_get_exit_status(channel_);
      char* signal = nullptr;
      std::size_t length = 0;
      libssh2_channel_get_exit_signal(channel_, &signal, &length, nullptr, nullptr, nullptr,
                                      nullptr);
      if (signal) {
        exit_.signal.assign(signal, std::min(length, kMaxSignalName));
        libssh2_free(session_, signal);
      }
      libssh2_session_disconnect(session_, "The shell has ended.");
      end_ = End::kExited;
      return;
    }
    if (code != LIBSSH2_ERROR_EAGAIN) return fail(code);
  }
  if (transport_.end() == Transport::End::kTimedOut) end_ = End::kTimedOut;
  if (transport_.end() == Transport::End::kClosed) end_ = End::kClosed;
}

}  // namespace sallyport::ssh
