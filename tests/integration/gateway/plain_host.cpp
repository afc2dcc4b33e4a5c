#include "plain_host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace sallyport::support {

namespace {

constexpr int kPatienceMs = 60'000;

sockaddr_in loopback(unsigned port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// Asio's and the C library's sockets take the address by its first member's type.
const sockaddr* generic(const sockaddr_in& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

int open_socket(int flags) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (fd < 0) throw std::runtime_error("no socket for a test");
  return fd;
}

unsigned bound_port(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, static_cast<sockaddr*>(static_cast<void*>(&address)), &size) != 0) {
    throw std::runtime_error("no port for a test");
  }
  return ntohs(address.sin_port);
}

bool ready(int fd, short events, int limit_ms) {
  pollfd waited{fd, events, 0};
  return poll(&waited, 1, limit_ms) > 0;
}

}  // namespace

PlainHost::PlainHost(Kind kind) : listener_(open_socket(0)) {
  const auto any = loopback(0);
  const int backlog = kind == Kind::kFull ? 0 : 16;
  if (bind(listener_, generic(any), sizeof any) != 0 || listen(listener_, backlog) != 0) {
    throw std::runtime_error("no listener for a test");
  }
  port_ = bound_port(listener_);
  if (kind != Kind::kFull) return;
  // listen(2): the kernel takes a few more than the backlog, then it drops what asks to connect.
  constexpr int kMostFillers = 16;
  constexpr int kAnsweredWithinMs = 200;
  const auto to = loopback(port_);
  for (int i = 0; i < kMostFillers; ++i) {
    fillers_.push_back(open_socket(SOCK_NONBLOCK));
    (void)connect(fillers_.back(), generic(to), sizeof to);
    if (!ready(fillers_.back(), POLLOUT, kAnsweredWithinMs)) return;
  }
  throw std::runtime_error("the listener's queue does not fill");
}

PlainHost::~PlainHost() {
  hang_up();
  for (const int fd : fillers_) ::close(fd);
  ::close(listener_);
}

void PlainHost::accept() {
  if (!ready(listener_, POLLIN, kPatienceMs)) throw std::runtime_error("nobody connected");
  connection_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection_ < 0) throw std::runtime_error("a connection could not be accepted");
}

void PlainHost::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) throw std::runtime_error("the gateway does not listen");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

bool PlainHost::sees_the_end() {
  std::array<char, 4096> ignored{};
  while (ready(connection_, POLLIN, kPatienceMs)) {
    const auto n = recv(connection_, ignored.data(), ignored.size(), 0);
    if (n == 0 || (n < 0 && errno == ECONNRESET)) return true;
    if (n < 0) return false;
  }
  return false;
}

void PlainHost::hang_up() {
  if (connection_ >= 0) ::close(std::exchange(connection_, -1));
}

unsigned PlainHost::closed_port() {
  const int fd = open_socket(0);
  const auto any = loopback(0);
  if (bind(fd, generic(any), sizeof any) != 0) throw std::runtime_error("no port for a test");
  const unsigned port = bound_port(fd);
  ::close(fd);
  return port;
}

}  // namespace sallyport::support
