#include "ssh/transport.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace sallyport::ssh {

void Transport::ended(int error) {
  if (end_ != End::kNone) return;
  // What TCP_USER_TIMEOUT and a vanished route look like.
  const bool silent =
      error == ETIMEDOUT || error == EHOSTUNREACH || error == ENETUNREACH || error == EHOSTDOWN;
  end_ = silent ? End::kTimedOut : End::kClosed;
}

// What the host said before it went may still be there to read: the end is when that is read too.
void Transport::cannot_send(int error) {
  send_error_ = error;
  dry_ = false;
}

ssize_t Transport::send(const char* data, std::size_t size) {
  const auto whole = static_cast<ssize_t>(size);
  if (cut_ || end_ != End::kNone || send_error_ != 0) return whole;
  std::size_t taken = 0;
  if (!unsent()) {
    ssize_t n;
    do {
      n = stream_.send(data, size);
    } while (n == -EINTR);
    if (n < 0 && n != -EAGAIN) {
      cannot_send(static_cast<int>(-n));
      return whole;
    }
    if (n > 0) taken = static_cast<std::size_t>(n);
    sent_ += taken;
  }
  if (taken < size) outbox_.append(data + taken, size - taken);
  return whole;
}

bool Transport::flush() {
  while (unsent() && end_ == End::kNone && send_error_ == 0 && !cut_) {
    const ssize_t n = stream_.send(outbox_.data() + outbox_at_, outbox_.size() - outbox_at_);
    if (n == -EINTR) continue;
    if (n == -EAGAIN || n == 0) return false;
    if (n < 0) {
      cannot_send(static_cast<int>(-n));
      break;
    }
    sent_ += static_cast<std::size_t>(n);
    outbox_at_ += static_cast<std::size_t>(n);
  }
  // An idle session keeps no buffer.
  std::string().swap(outbox_);
  outbox_at_ = 0;
  return true;
}

ssize_t Transport::take(char* data, std::size_t size) {
  ssize_t n;
  do {
    n = stream_.recv(data, size);
  } while (n == -EINTR);
  if (n > 0) {
    const auto count = static_cast<std::size_t>(n);
    received_ += count;
    if (!greeting_.finished()) greeting_.feed(std::string_view(data, count));
    // A short read has emptied the socket; if more came since, the wait that follows ends at once.
    if (count < size && send_error_ == 0) dry_ = true;
    return n;
  }
  dry_ = true;
  if (n == 0) {
    ended(0);
  } else if (n != -EAGAIN) {
    ended(static_cast<int>(-n));
  } else if (send_error_ != 0) {
    ended(send_error_);
  }
  return -EAGAIN;
}

ssize_t Transport::recv(char* data, std::size_t size) {
  if (cut_) return -ECONNRESET;
  // libssh2 reads the identification byte by byte.
  if (inbox_at_ == inbox_.size() && size < 1024 && receives_ > 0) fill();
  if (inbox_at_ < inbox_.size()) {
    const std::size_t n = std::min(size, inbox_.size() - inbox_at_);
    std::memcpy(data, inbox_.data() + inbox_at_, n);
    inbox_at_ += n;
    if (inbox_at_ == inbox_.size()) {
      std::string().swap(inbox_);
      inbox_at_ = 0;
    }
    return static_cast<ssize_t>(n);
  }
  if (dry_ || end_ != End::kNone || receives_ == 0 || !may_read()) return -EAGAIN;
  if (receives_ != kAnyNumber) --receives_;
  return take(data, size);
}

void Transport::fill() {
  if (cut_ || dry_ || end_ != End::kNone || !may_read()) return;
  if (inbox_.size() - inbox_at_ >= kInboxSize) return;
  inbox_.erase(0, inbox_at_);
  inbox_at_ = 0;
  const std::size_t had = inbox_.size();
  inbox_.resize(kInboxSize);
  const ssize_t n = take(inbox_.data() + had, kInboxSize - had);
  inbox_.resize(had + (n > 0 ? static_cast<std::size_t>(n) : 0));
}

}  // namespace sallyport::ssh
