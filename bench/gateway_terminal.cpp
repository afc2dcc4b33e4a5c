#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "gateway_session.h"
#include "terminal.h"
#include "web_frames.h"

namespace sallyport::bench {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("gateway: " + what); }

// The client's side as a blocking socket, which is what one session at a time is quickest with.
class GatewayTerminal final : public Terminal {
 public:
  GatewayTerminal(unsigned port, const Target& target) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      fail(std::strerror(errno));
    }
    sending_ = upgrade_request(port);
    send();
    while (!reader_.read_upgrade()) {
      if (!fill(kPatience)) fail("no answer to the upgrade");
    }
    append_frame(sending_, Opcode::kText, open_frame(target));
    begin();
    send();
    for (;;) {
      const auto frame = reader_.next();
      if (!frame) {
        if (!fill(kPatience)) fail("the login takes more than a minute");
      } else if (frame->opcode != Opcode::kText || is_opened(frame->payload)) {
        break;
      }
    }
  }
  ~GatewayTerminal() override {
    hang_up(socket_);
    close(socket_);
  }

  void write(std::string_view bytes) override {
    append_input(sending_, ++seq_, bytes);
    send();
  }
  void acknowledge(std::uint64_t received) override {
    append_ack(sending_, received);
    send();
  }
  int descriptor() const override { return socket_; }
  bool buffered() const override { return Terminal::buffered() || reader_.holds_more(); }

 private:
  bool receive(std::string& out, Clock::duration patience) override {
    for (;;) {
      const auto frame = reader_.next();
      if (!frame) {
        if (!fill(patience)) return false;
        continue;
      }
      if (frame->opcode == Opcode::kPing) {
        append_frame(sending_, Opcode::kPong, frame->payload);
        send();
      } else if (frame->opcode == Opcode::kClose) {
        fail("closed");
      } else if (const auto output = parse_output(frame->payload)) {
        append_unescaped(out, output->data);
        return true;
      } else if (!is_accepted(frame->payload)) {
        fail(std::string(frame->payload));
      }
    }
  }

  void send() {
    for (std::size_t sent = 0; sent < sending_.size();) {
      const auto now =
          ::send(socket_, sending_.data() + sent, sending_.size() - sent, MSG_NOSIGNAL);
      if (now < 0 && errno == EINTR) continue;
      if (now < 0) fail(std::strerror(errno));
      sent += static_cast<std::size_t>(now);
    }
    sending_.clear();
  }

  bool fill(Clock::duration patience) {
    if (!wait_readable(socket_, patience)) return false;
    const auto got = ::recv(socket_, reader_.room(read_size()), read_size(), 0);
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) fail("the connection ended");
    reader_.filled(static_cast<std::size_t>(got));
    return true;
  }

  int socket_ = -1;
  FrameReader reader_;
  std::string sending_;
  std::uint64_t seq_ = 0;
};

}  // namespace

std::unique_ptr<Terminal> open_gateway_terminal(unsigned port, const Target& target) {
  return std::make_unique<GatewayTerminal>(port, target);
}

}  // namespace sallyport::bench
