#pragma once

#include <sys/types.h>

#include <cstddef>

namespace sallyport::ssh {

// What carries an SSH connection: a non-blocking socket, or a test that makes the Nth call fail or
// fall short.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // How many bytes were taken or given, which may be fewer than asked; recv() gives 0 at the end of
  // the stream. -EAGAIN: not now. Any other negative errno: the stream is dead.
  virtual ssize_t send(const char* data, std::size_t size) = 0;
  virtual ssize_t recv(char* data, std::size_t size) = 0;
  // An open non-blocking descriptor: libssh2 asks fcntl(2) for its flags and does nothing else with
  // it.
  virtual int descriptor() const = 0;
};

}  // namespace sallyport::ssh
