#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <limits>

#include "ssh/byte_stream.h"

namespace sallyport::ssh {

inline constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

// How the stream misbehaves. Counts are of calls, from 0.
struct Faults {
  std::size_t send_not_now = kNever;  // this send says EAGAIN, once
  std::size_t recv_not_now = kNever;
  std::size_t every = 0;              // ... and so does every n-th call of either kind
  std::size_t send_at_most = kNever;  // bytes a call
  std::size_t recv_at_most = kNever;
  std::size_t send_dies = kNever;  // from this send on: ECONNRESET
  std::size_t recv_dies = kNever;
  int error = ECONNRESET;
};

// A socket that does so.
class FaultyStream final : public ByteStream {
 public:
  FaultyStream(int descriptor, Faults faults) : descriptor_(descriptor), faults_(faults) {}
  ~FaultyStream() override { ::close(descriptor_); }
  FaultyStream(const FaultyStream&) = delete;
  FaultyStream& operator=(const FaultyStream&) = delete;

  ssize_t send(const char* data, std::size_t size) override {
    const std::size_t call = sends++;
    if (call >= faults_.send_dies) return -faults_.error;
    if (call == faults_.send_not_now || is_bad(call)) return -EAGAIN;
    const ssize_t n = ::send(descriptor_, data, std::min(size, faults_.send_at_most),
                             MSG_NOSIGNAL | MSG_DONTWAIT);
    return n < 0 ? -errno : n;
  }
  ssize_t recv(char* data, std::size_t size) override {
    const std::size_t call = recvs++;
    if (call >= faults_.recv_dies) return -faults_.error;
    if (call == faults_.recv_not_now || is_bad(call)) return -EAGAIN;
    const ssize_t n = ::recv(descriptor_, data, std::min(size, faults_.recv_at_most), MSG_DONTWAIT);
    return n < 0 ? -errno : n;
  }
  int descriptor() const override { return descriptor_; }

  std::size_t sends = 0, recvs = 0;

 private:
  bool is_bad(std::size_t call) const {
    return faults_.every != 0 && call % faults_.every == faults_.every - 1;
  }
  int descriptor_;
  Faults faults_;
};

}  // namespace sallyport::ssh
