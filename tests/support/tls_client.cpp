#include "support/tls_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <vector>

#include "support/web_socket_client.h"

namespace sallyport::support {
namespace {

int connect_to(unsigned port, const char* from) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{std::chrono::seconds(kPatience).count(), 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  if (from) {
    ::inet_pton(AF_INET, from, &to.sin_addr);
    ::bind(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    ::close(fd);
    throw std::runtime_error("no TLS server on port " + std::to_string(port));
  }
  return fd;
}

}  // namespace

struct TlsClient::Impl {
  int fd = -1;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context{SSL_CTX_new(TLS_client_method()),
                                                       &SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> ssl{nullptr, &SSL_free};
  bool connected = false;
  bool goodbye = false;
  std::string trouble;

  ~Impl() {
    ssl.reset();
    ::close(fd);
  }
};

TlsClient::TlsClient(unsigned port, const TlsWish& wish) : impl_(std::make_unique<Impl>()) {
  std::signal(SIGPIPE, SIG_IGN);
  SSL_CTX* context = impl_->context.get();
  SSL_CTX_set_security_level(context, 0);  // a client that would take anything
  SSL_CTX_set_min_proto_version(context, wish.least_version);
  SSL_CTX_set_max_proto_version(context, wish.most_version);
  if (!wish.suites.empty()) SSL_CTX_set_cipher_list(context, wish.suites.c_str());
  impl_->fd = connect_to(port, wish.from);
  impl_->ssl.reset(SSL_new(context));
  SSL* ssl = impl_->ssl.get();
  if (!wish.protocol.empty()) {
    const std::string list = static_cast<char>(wish.protocol.size()) + wish.protocol;
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(list.data()),
                        static_cast<unsigned>(list.size()));
  }
  if (!wish.before.empty()) ::send(impl_->fd, wish.before.data(), wish.before.size(), MSG_NOSIGNAL);
  SSL_set_fd(ssl, impl_->fd);
  impl_->connected = SSL_connect(ssl) == 1;
  if (!impl_->connected) {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    impl_->trouble = reason ? reason : "connection lost";
    ERR_clear_error();
  }
}

TlsClient::~TlsClient() = default;

bool TlsClient::connected() const { return impl_->connected; }
std::string TlsClient::trouble() const { return impl_->trouble; }
std::string TlsClient::version() const { return SSL_get_version(impl_->ssl.get()); }
std::string TlsClient::suite() const { return SSL_get_cipher_name(impl_->ssl.get()); }

std::string TlsClient::subject() const {
  const std::unique_ptr<X509, void (*)(X509*)> shown(SSL_get1_peer_certificate(impl_->ssl.get()),
                                                     &X509_free);
  if (!shown) return {};
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data();
}

std::string TlsClient::protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(impl_->ssl.get(), &chosen, &length);
  return {reinterpret_cast<const char*>(chosen), length};
}

void TlsClient::send(std::string_view bytes) {
  if (SSL_write(impl_->ssl.get(), bytes.data(), static_cast<int>(bytes.size())) !=
      static_cast<int>(bytes.size()))
    throw std::runtime_error("TLS could not be written");
}

std::string TlsClient::read_to_end() {
  std::string all;
  std::array<char, 4096> some;
  for (;;) {
    const int got = SSL_read(impl_->ssl.get(), some.data(), static_cast<int>(some.size()));
    if (got <= 0) {
      impl_->goodbye = SSL_get_error(impl_->ssl.get(), got) == SSL_ERROR_ZERO_RETURN;
      ERR_clear_error();
      return all;
    }
    all.append(some.data(), static_cast<std::size_t>(got));
  }
}

bool TlsClient::said_goodbye() const { return impl_->goodbye; }

TlsTunnel::TlsTunnel(unsigned to, const TlsWish& wish) : to_(to), wish_(wish) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
      ::listen(listener_, 16) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0)
    throw std::runtime_error("a tunnel could not listen");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
  port_ = ntohs(at.sin_port);
  thread_ = std::thread([this] { run(); });
}

TlsTunnel::~TlsTunnel() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
  ::close(listener_);
}

void TlsTunnel::run() {
  std::vector<std::thread> carried;
  for (;;) {
    std::array<pollfd, 2> events{{{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}}};
    ::poll(events.data(), events.size(), -1);
    if (events[1].revents != 0) break;
    const int plain = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (plain >= 0) carried.emplace_back([this, plain] { carry(plain); });
  }
  for (auto& one : carried) one.join();
}

void TlsTunnel::carry(int plain) const {
  const int on = 1;
  ::setsockopt(plain, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  TlsClient secure(to_, wish_);
  SSL* ssl = secure.impl_->ssl.get();
  bool plain_open = true;
  bool tls_open = secure.connected();
  std::array<char, 16384> bytes;
  while (tls_open) {
    std::array<pollfd, 3> events{{{plain_open ? plain : -1, POLLIN, 0},
                                  {secure.impl_->fd, POLLIN, 0},
                                  {wake_[0], POLLIN, 0}}};
    if (SSL_pending(ssl) == 0) ::poll(events.data(), events.size(), -1);
    if (events[2].revents != 0) break;
    if (events[0].revents != 0) {
      const ssize_t got = ::read(plain, bytes.data(), bytes.size());
      if (got <= 0) {
        plain_open = false;
        SSL_shutdown(ssl);
        ::shutdown(secure.impl_->fd, SHUT_WR);
      } else if (SSL_write(ssl, bytes.data(), static_cast<int>(got)) <= 0) {
        break;
      }
    }
    if (events[1].revents != 0 || SSL_pending(ssl) > 0) {
      const int got = SSL_read(ssl, bytes.data(), static_cast<int>(bytes.size()));
      if (got <= 0) {
        tls_open = false;
      } else if (::send(plain, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) < 0) {
        break;
      }
    }
  }
  ERR_clear_error();
  ::close(plain);
}

}  // namespace sallyport::support
