#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace sallyport::net {

// "unix:/run/sallyport/web.sock" is a Unix socket, anything else an IP address.
bool is_unix(std::string_view address);
std::string unix_path(std::string_view address);

// The file by which a Unix socket is reached (unix(7)). It is removed with this, unless another
// program has put its own there since.
class UnixSocketFile {
 public:
  UnixSocketFile(std::string path, unsigned mode) : path_(std::move(path)), mode_(mode) {}
  ~UnixSocketFile();
  UnixSocketFile(const UnixSocketFile&) = delete;
  UnixSocketFile& operator=(const UnixSocketFile&) = delete;

  // A listening descriptor, which the caller owns. Nobody can connect before the file has its mode.
  // Replaces a file that a program left behind; throws std::runtime_error with a sentence when
  // somebody listens there, when it is no socket, or when the system refuses.
  int listen(int backlog);

 private:
  std::string path_;
  unsigned mode_;
  dev_t device_ = 0;
  ino_t inode_ = 0;  // 0: there is none of ours
};

}  // namespace sallyport::net
