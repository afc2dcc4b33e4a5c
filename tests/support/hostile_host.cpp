#include "hostile_host.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace sallyport::support {

HostileHost::HostileHost(RudeSshServer::Moment moment, RudeSshServer::Act act)
    : moment_(moment), act_(std::move(act)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, length) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, generic, &length) != 0) {
    throw std::system_error(errno, std::generic_category(), "hostile host");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

HostileHost::~HostileHost() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
}

void HostileHost::accept_loop() {
  for (;;) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0 && errno == EINTR) continue;
    if (descriptor < 0) return;
    const std::lock_guard lock(mutex_);
    open_.insert(descriptor);
    threads_.emplace_back([this, descriptor] {
      serve(descriptor);
      const std::lock_guard done(mutex_);
      open_.erase(descriptor);
      ::close(descriptor);
    });
  }
}

void HostileHost::serve(int descriptor) {
  RudeSshServer server(moment_, act_);
  server.start();
  std::string out;
  std::size_t taken = 0;
  std::array<char, 16 * 1024> heard;
  for (;;) {
    out += server.take_output();
    if (out.empty() && taken < kMost && server.flood_on()) continue;
    if (out.empty() && server.hung_up()) break;
    pollfd wait{descriptor, static_cast<short>(out.empty() ? POLLIN : POLLIN | POLLOUT), 0};
    if (::poll(&wait, 1, -1) < 0 && errno != EINTR) return;
    const ssize_t put = out.empty() ? 0 : ::send(descriptor, out.data(), out.size(), MSG_NOSIGNAL);
    if (put > 0) {
      out.erase(0, static_cast<std::size_t>(put));
      taken += static_cast<std::size_t>(put);
      sent_ += static_cast<std::size_t>(put);
    }
    if (put < 0 && errno != EAGAIN && errno != EINTR) return;
    const ssize_t got = ::recv(descriptor, heard.data(), heard.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return;
    if (got > 0) server.feed({heard.data(), static_cast<std::size_t>(got)});
  }
  ::shutdown(descriptor, SHUT_WR);
  pollfd wait{descriptor, POLLIN, 0};  // until the other side has seen it, or the destructor
  while (::poll(&wait, 1, -1) >= 0 && ::recv(descriptor, heard.data(), heard.size(), 0) > 0) {
  }
}

}  // namespace sallyport::support
