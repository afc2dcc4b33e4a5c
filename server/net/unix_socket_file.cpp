#include "net/unix_socket_file.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace sallyport::net {
namespace {

constexpr std::string_view kScheme = "unix:";

// A descriptor that is closed unless it is taken.
class Descriptor {
 public:
  Descriptor() : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int take() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_;
};

sockaddr_un address_of_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.front() != '/' || path.size() >= sizeof address.sun_path) {
    throw std::runtime_error(
        path + " is no path of a Unix socket: write an absolute one of at most 107 bytes.");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return address;
}

[[noreturn]] void refuse(const std::string& path) {
  throw std::runtime_error("Cannot listen on " + path + ": " + strerrordesc_np(errno) + ".");
}

// What is at the path already, if anything, must be a socket that nobody listens on.
void remove_left_behind(const std::string& path, const sockaddr_un& address) {
  struct stat facts{};
  if (::lstat(path.c_str(), &facts) != 0) return;
  if (!S_ISSOCK(facts.st_mode)) {
    throw std::runtime_error(path + " is there already and is no socket: name another file.");
  }
  const Descriptor probe;
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno != ECONNREFUSED) {
    throw std::runtime_error(
        path + " is in use by another program. Stop that one, or listen on another file.");
  }
  if (::unlink(path.c_str()) != 0) refuse(path);
}

}  // namespace

bool is_unix(std::string_view address) { return address.starts_with(kScheme); }

std::string unix_path(std::string_view address) {
  return std::string(address.substr(kScheme.size()));
}

int UnixSocketFile::listen(int backlog) {
  const sockaddr_un address = address_of_path(path_);
  remove_left_behind(path_, address);
  Descriptor socket;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    refuse(path_);
  struct stat facts{};
  if (::lstat(path_.c_str(), &facts) == 0) {
    device_ = facts.st_dev;
    inode_ = facts.st_ino;
  }
  // Between the two nobody can connect, whatever the umask gave: it does not listen yet.
  if (::chmod(path_.c_str(), mode_) != 0 || ::listen(socket.get(), backlog) != 0) refuse(path_);
  return socket.take();
}

UnixSocketFile::~UnixSocketFile() {
  struct stat facts{};
  if (inode_ == 0 || ::lstat(path_.c_str(), &facts) != 0) return;
  if (facts.st_dev == device_ && facts.st_ino == inode_) ::unlink(path_.c_str());
}

}  // namespace sallyport::net
