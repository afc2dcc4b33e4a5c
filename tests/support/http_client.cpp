#include "support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace sallyport::web {
namespace {

constexpr int kPatience = 10'000;  // ms

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

}  // namespace

Client::Client(unsigned port, int receive_buffer)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (fd_ < 0) fail("socket");
  const int now = 1;  // a test that sends crumbs does not wait for Nagle
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
  if (receive_buffer > 0)
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail("connect");
}

Client::~Client() { close(); }

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EPIPE || errno == ECONNRESET) return false;
      fail("send");
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Client::readable(int milliseconds) {
  if (!buffer_.empty()) return true;
  pollfd waiting{fd_, POLLIN, 0};
  return poll(&waiting, 1, milliseconds) == 1;
}

bool Client::fill() {
  pollfd waiting{fd_, POLLIN, 0};
  if (poll(&waiting, 1, kPatience) != 1) throw std::runtime_error("nothing came in 10 s");
  std::array<char, 65536> chunk;
  const auto got = recv(fd_, chunk.data(), chunk.size(), 0);
  if (got <= 0) return false;
  buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<Response> Client::read(bool head) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (fill()) continue;
    if (buffer_.empty()) return std::nullopt;
    throw std::runtime_error("the server closed inside a header: " + buffer_);
  }
  Response response;
  std::string_view header = std::string_view(buffer_).substr(0, end + 2);
  if (!header.starts_with("HTTP/1.1 ")) throw std::runtime_error("no HTTP/1.1: " + buffer_);
  response.status = static_cast<unsigned>(std::stoul(std::string(header.substr(9, 3))));
  header.remove_prefix(header.find("\r\n") + 2);
  while (!header.empty()) {
    const auto line = header.substr(0, header.find("\r\n"));
    header.remove_prefix(line.size() + 2);
    const auto colon = line.find(": ");
    std::string name(line.substr(0, colon));
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    if (!response.fields.emplace(name, line.substr(colon + 2)).second) {
      throw std::runtime_error(name + " is there twice");
    }
  }
  buffer_.erase(0, end + 4);
  const std::size_t length = head || response.field("content-length").empty()
                                 ? 0
                                 : std::stoul(response.field("content-length"));
  while (buffer_.size() < length) {
    if (!fill()) throw std::runtime_error("the server closed inside a body");
  }
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return response;
}

Response Client::ask(std::string_view request) {
  send(request);
  auto response = read(request.starts_with("HEAD "));
  if (!response) throw std::runtime_error("the server closed without an answer");
  return *response;
}

std::string Client::read_to_end() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

void Client::finish_sending() { shutdown(fd_, SHUT_WR); }

void Client::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Client::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

std::string Client::peer_name() const {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

std::string get(std::string_view path, std::string_view fields, std::string_view method) {
  return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1:8022\r\n" +
         std::string(fields) + "\r\n";
}

}  // namespace sallyport::web
