// A host that would name the group of the key exchange itself (RFC 4419).
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <thread>

#include "support/gateway_fixture.h"

namespace sallyport::support {
namespace {

std::string u32(std::size_t number) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xff);
  return out;
}
std::string string_of(const std::string& bytes) { return u32(bytes.size()) + bytes; }

// RFC 4253, section 6, before encryption.
std::string packet(const std::string& payload) {
  std::size_t padding = 8 - (payload.size() + 5) % 8;
  if (padding < 4) padding += 8;
  return u32(payload.size() + padding + 1) + static_cast<char>(padding) + payload +
         std::string(padding, '\0');
}

// Offers that exchange alone and, whatever it is asked, answers with a group of 16384 bits.
class HostWithItsOwnGroup {
 public:
  HostWithItsOwnGroup() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, length) != 0 || ::listen(listener_, 4) != 0 ||
        ::getsockname(listener_, generic, &length) != 0) {
      throw std::runtime_error("no listener for the hostile host");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~HostWithItsOwnGroup() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  HostWithItsOwnGroup(const HostWithItsOwnGroup&) = delete;
  HostWithItsOwnGroup& operator=(const HostWithItsOwnGroup&) = delete;
  unsigned port() const { return port_; }

 private:
  void serve() const {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    std::string kexinit(17, '\x14');  // SSH_MSG_KEXINIT and its cookie
    for (const char* names :
         {"diffie-hellman-group-exchange-sha256", "ssh-ed25519", "aes256-ctr", "aes256-ctr",
          "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""}) {
      kexinit += string_of(names);
    }
    kexinit += std::string(5, '\0');
    const std::string modulus = std::string(1, '\0') + std::string(2048, '\xff');
    say(client, "SSH-2.0-hostile\r\n" + packet(kexinit));
    say(client, packet("\x1f" + string_of(modulus) + string_of("\x02")));  // GEX_GROUP
    std::array<char, 4096> heard;
    while (::recv(client, heard.data(), heard.size(), 0) > 0) {
    }
    ::close(client);
  }
  static void say(int to, const std::string& bytes) {
    (void)::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  int listener_ = -1;
  unsigned port_ = 0;
  std::thread thread_;
};

class HostileGroup : public GatewayTest {};

TEST_F(HostileGroup, NobodyCalculatesInAGroupThatTheHostNames) {
  start();
  HostWithItsOwnGroup host;
  auto browser = connect();
  browser.send(open_frame(host.port(), password("right horse")));
  const auto error = browser.expect("error");
  EXPECT_EQ(error.at("code"), "no-common-algorithm") << told(error);
  EXPECT_EQ(browser.close_code(), 4014u);
}

}  // namespace
}  // namespace sallyport::support
