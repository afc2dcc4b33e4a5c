#include "raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "support/web_socket_client.h"

namespace sallyport::support {
namespace {

int open_socket(int family) {
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{std::chrono::seconds(kPatience).count(), 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return fd;
}

}  // namespace

RawClient::RawClient(unsigned port, const char* from) : fd_(open_socket(AF_INET)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  if (from) {
    ::inet_pton(AF_INET, from, &at.sin_addr);
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  }
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
}

RawClient::RawClient(const std::string& unix_path) : fd_(open_socket(AF_UNIX)) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::memcpy(at.sun_path, unix_path.data(), std::min(unix_path.size(), sizeof at.sun_path - 1));
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
    throw std::runtime_error("nobody listens on " + unix_path);
}

RawClient::~RawClient() { ::close(fd_); }

unsigned RawClient::port() const {
  sockaddr_in own{};
  socklen_t size = sizeof own;
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.sin_port);
}

bool RawClient::send(std::string_view bytes) const {
  return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

std::string RawClient::read_head() const {
  std::string head;
  std::array<char, 4096> some;
  while (!head.contains("\r\n\r\n")) {
    const ssize_t got = ::recv(fd_, some.data(), some.size(), 0);
    if (got <= 0) return head;
    head.append(some.data(), static_cast<std::size_t>(got));
  }
  return head;
}

std::string RawClient::read_to_end() const {
  std::string all;
  std::array<char, 4096> some;
  for (;;) {
    const ssize_t got = ::recv(fd_, some.data(), some.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      throw std::runtime_error("the connection does not end; so far: " + all);
    if (got <= 0) return all;
    all.append(some.data(), static_cast<std::size_t>(got));
  }
}

bool RawClient::ends_within(std::chrono::milliseconds time) const {
  pollfd socket{fd_, POLLRDHUP, 0};
  return ::poll(&socket, 1, static_cast<int>(time.count())) > 0;
}

std::string status_of(const std::string& head) {
  return head.starts_with("HTTP/1.1 ") ? head.substr(9, 3) : std::string();
}

std::string upgrade_request(std::string_view path, std::string_view host, std::string_view origin,
                            std::string_view fields) {
  std::string request = "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(host) +
                        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                        "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sallyport.v1\r\n";
  if (!origin.empty()) request += "Origin: " + std::string(origin) + "\r\n";
  return request + std::string(fields) + "\r\n";
}

}  // namespace sallyport::support
