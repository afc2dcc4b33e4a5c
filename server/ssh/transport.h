#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "ssh/byte_stream.h"
#include "ssh/kexinit.h"

namespace sallyport::ssh {

// What libssh2 sends to and receives from: a stream that never falls short.
//
// libssh2 keeps one packet that was sent in part and refuses every other call until the first is
// repeated with the same bytes; yet its own reading may have to send (window adjustments, replies,
// a key re-exchange), and its keepalive forgets what it began. So a send is always taken whole
// here: what the socket does not take waits in a small outbox. The rule "one unfinished send,
// repeated with the same bytes" then holds below libssh2, in one place.
//
// In the same way the end of the stream reads as "nothing now": libssh2 would drop output that it
// has queued. Whoever drives it looks at end() once everything was read.
class Transport {
 public:
  enum class End { kNone, kClosed, kTimedOut };

  explicit Transport(ByteStream& stream) : stream_(stream) {}

  // ---- for libssh2's callbacks; -EAGAIN as there
  ssize_t send(const char* data, std::size_t size);
  ssize_t recv(char* data, std::size_t size);

  // ---- for the pump
  // Sends what waits. False: some still does; wait until the socket takes more.
  bool flush();
  // Takes what the host sent already, so that its hanging up is seen while nobody reads.
  void fill();
  // The socket has become readable: forget that it had nothing.
  void woke() { dry_ = false; }
  // Nothing can be read before the next woke().
  bool dry() const { return dry_ && inbox_at_ == inbox_.size(); }
  // recv() reaches for the socket at most so often until told again. Output is handed on between
  // two receives, so that what came before a broken packet is not lost with it.
  void allow_receives(std::size_t count) { receives_ = count; }
  static constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();
  // While held nothing new is read: the session has as much as it may hold.
  void hold(bool held) { held_ = held; }
  bool may_read() const { return !held_ && outbox_.size() - outbox_at_ <= kOutboxHigh; }

  bool unsent() const { return outbox_at_ < outbox_.size(); }
  bool full() const { return inbox_.size() - inbox_at_ >= kInboxSize; }  // fill() takes no more
  End end() const { return end_; }
  bool can_send() const { return send_error_ == 0 && end_ == End::kNone; }
  std::uint64_t sent() const { return sent_; }  // bytes, all told
  std::uint64_t received() const { return received_; }
  const KexinitReader& greeting() const { return greeting_; }
  int descriptor() const { return stream_.descriptor(); }
  // Nothing goes out or comes in any more: for the end, when libssh2 would say goodbye.
  void cut() { cut_ = true; }

 private:
  // A host that sends requests and does not read the replies makes the outbox grow: beyond this
  // nothing more of it is read, so that only what libssh2 holds already (16 KiB) can add to it.
  static constexpr std::size_t kOutboxHigh = 64 * 1024;
  static constexpr std::size_t kInboxSize = 16 * 1024;

  ssize_t take(char* data, std::size_t size);
  void ended(int error);
  void cannot_send(int error);

  ByteStream& stream_;
  KexinitReader greeting_;
  std::string outbox_;
  std::size_t outbox_at_ = 0;
  std::string inbox_;
  std::size_t inbox_at_ = 0;
  std::size_t receives_ = kAnyNumber;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
  End end_ = End::kNone;
  int send_error_ = 0;  // an errno: nothing can be sent any more
  bool dry_ = false;
  bool held_ = false;
  bool cut_ = false;
};

}  // namespace sallyport::ssh
