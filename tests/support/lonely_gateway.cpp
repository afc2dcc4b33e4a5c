#include "support/lonely_gateway.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>

#include "app/gateway.h"

namespace sallyport::support {
namespace {

app::Settings settings() {
  app::Settings settings;
  settings.listen_port = 0;
  settings.threads = 1;
  settings.log_level = base::LogLevel::kError;
  settings.known_hosts = std::filesystem::temp_directory_path() / "sallyport-no-known-hosts";
  settings.targets.deny = {policy::Rule::parse("*").value()};
  return settings;
}

}  // namespace

LonelyGateway::LonelyGateway() : gateway_(std::make_unique<app::Gateway>(settings())) {
  gateway_->start();
}
LonelyGateway::~LonelyGateway() = default;

std::string_view LonelyGateway::upgrade() {
  return "GET /ws HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: "
         "Upgrade\r\n"
         "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
         "AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: sallyport.v1\r\n\r\n";
}

bool LonelyGateway::ends(std::string_view bytes) const {
  constexpr timeval kPatience{20, 0};
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(gateway_->port()));
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error("the gateway does not listen any more");
  }
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  ::shutdown(socket, SHUT_WR);
  std::array<char, 16 * 1024> heard;
  ssize_t n = 0;
  do {
    n = ::recv(socket, heard.data(), heard.size(), 0);
  } while (n > 0);
  const bool ended = n == 0 || errno == ECONNRESET;
  ::close(socket);
  return ended;
}

}  // namespace sallyport::support
