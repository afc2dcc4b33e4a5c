// The client's half of sallyport.v1 with as little of its own as can be, because its work is
// measured too: blocking socket, frames parsed in place, JSON unescaped in runs. Control frames,
// which are rare, go through the JSON library.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "terminal.h"

namespace sallyport::bench {
namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("gateway: " + what); }

// Appends the text of a JSON string that starts at `at` (behind its quote) and returns the offset
// behind its end.
std::size_t append_unescaped(std::string& out, std::string_view frame, std::size_t at) {
  for (;;) {
    const auto stop = frame.find_first_of("\"\\", at);
    if (stop == std::string_view::npos || stop + 1 >= frame.size()) fail("half a string");
    out.append(frame, at, stop - at);
    if (frame[stop] == '"') return stop + 1;
    const char escaped = frame[stop + 1];
    at = stop + 2;
    switch (escaped) {
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'u':  // the server escapes control characters this way and nothing else
        out += static_cast<char>(std::stoi(std::string(frame.substr(at, 4)), nullptr, 16));
        at += 4;
        break;
      default:
        out += escaped;
    }
  }
}

}  // namespace

GatewayTerminal::GatewayTerminal(unsigned port, const Target& target) {
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
  const auto host = "127.0.0.1:" + std::to_string(port);
  const auto upgrade = "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host +
                       "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
                       "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Protocol: sallyport.v1\r\n\r\n";
  if (::send(socket_, upgrade.data(), upgrade.size(), MSG_NOSIGNAL) < 0) fail(std::strerror(errno));
  while (received_.find("\r\n\r\n") == std::string::npos) fill(received_.size() + 1);
  if (!received_.starts_with("HTTP/1.1 101")) fail(received_.substr(0, received_.find('\r')));
  consumed_ = received_.find("\r\n\r\n") + 4;

  std::ifstream key(target.identity_file);
  const std::string text((std::istreambuf_iterator<char>(key)), {});
  send_frame(json{{"type", "open"},
                  {"host", target.host},
                  {"port", target.port},
                  {"username", target.username},
                  {"auth", {{"method", "publickey"}, {"key", text}}},
                  {"cols", 80},
                  {"rows", 24}}
                 .dump());
  for (;;) {
    const auto frame = json::parse(receive_frame());
    const auto type = frame.at("type").get<std::string>();
    if (type == "opened") return;
    if (type != "progress") fail(frame.dump());
  }
}

GatewayTerminal::~GatewayTerminal() { close(socket_); }

void GatewayTerminal::write(std::string_view bytes) {
  std::string frame = R"({"type":"input","seq":)" + std::to_string(++seq_) + R"(,"data":)";
  base::append_json_string(frame, bytes);
  frame += '}';
  send_frame(frame);
}

void GatewayTerminal::receive(std::string& out) {
  constexpr std::string_view kOutput = R"({"type":"output","end":)";
  constexpr std::string_view kData = R"(,"data":")";
  for (;;) {
    const auto frame = receive_frame();
    if (!frame.starts_with(kOutput)) {
      const auto type = json::parse(frame).at("type").get<std::string>();
      if (type == "accepted") continue;
      fail(std::string(frame));
    }
    const auto comma = frame.find(',', kOutput.size());
    const std::string end(frame.substr(kOutput.size(), comma - kOutput.size()));
    if (frame.substr(comma, kData.size()) != kData) fail("an output frame of another shape");
    append_unescaped(out, frame, comma + kData.size());
    send_frame(R"({"type":"ack","end":)" + end + "}");
    return;
  }
}

// RFC 6455, 5.2. A client masks; a mask of zero is a mask, and leaves the bytes as they are.
void GatewayTerminal::send_frame(std::string_view text) {
  sending_.assign(1, '\x81');
  const auto size = text.size();
  if (size < 126) {
    sending_ += static_cast<char>(0x80 | size);
  } else {
    sending_ += static_cast<char>(0x80 | (size < 65536 ? 126 : 127));
    for (int shift = size < 65536 ? 8 : 56; shift >= 0; shift -= 8) {
      sending_ += static_cast<char>(size >> shift);
    }
  }
  sending_.append(4, '\0');
  sending_ += text;
  for (std::size_t sent = 0; sent < sending_.size();) {
    const auto now = ::send(socket_, sending_.data() + sent, sending_.size() - sent, MSG_NOSIGNAL);
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) fail(std::strerror(errno));
    sent += static_cast<std::size_t>(now);
  }
}

std::string_view GatewayTerminal::receive_frame() {
  for (;;) {
    fill(2);
    const auto byte = [this](std::size_t at) {
      return static_cast<unsigned char>(received_[consumed_ + at]);
    };
    const unsigned opcode = byte(0) & 0x0f;
    std::size_t header = 2;
    std::size_t size = byte(1) & 0x7f;
    if (size >= 126) {
      const std::size_t bytes = size == 126 ? 2 : 8;
      fill(2 + bytes);
      size = 0;
      for (std::size_t at = 0; at < bytes; ++at) size = size << 8 | byte(2 + at);
      header += bytes;
    }
    fill(header + size);
    const std::string_view payload(received_.data() + consumed_ + header, size);
    consumed_ += header + size;
    if (opcode == 1) return payload;
    if (opcode == 8) fail("closed");
  }
}

// Waits until `bytes` unconsumed bytes are here.
void GatewayTerminal::fill(std::size_t bytes) {
  while (received_.size() - consumed_ < bytes) {
    if (consumed_ > 0) {
      received_.erase(0, consumed_);
      consumed_ = 0;
    }
    pollfd waiting{socket_, POLLIN, 0};
    const auto patience =
        static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(kPatience).count());
    if (poll(&waiting, 1, patience) == 0) fail("nothing came for a minute");
    std::array<char, 128 * 1024> buffer;
    const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("the connection ended");
    received_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace sallyport::bench
