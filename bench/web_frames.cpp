#include "web_frames.h"

#include <sys/socket.h>

#include <charconv>
#include <cstring>
#include <stdexcept>

#include "base/json_text.h"

namespace sallyport::bench {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("gateway: " + what); }

}  // namespace

std::string upgrade_request(unsigned port) {
  const auto host = "127.0.0.1:" + std::to_string(port);
  return "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host +
         "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
         "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Protocol: sallyport.v1\r\n\r\n";
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  out += static_cast<char>(0x80 | static_cast<unsigned char>(opcode));
  const auto size = payload.size();
  if (size < 126) {
    out += static_cast<char>(0x80 | size);
  } else {
    out += static_cast<char>(0x80 | (size < 65536 ? 126 : 127));
    for (int shift = size < 65536 ? 8 : 56; shift >= 0; shift -= 8) {
      out += static_cast<char>(size >> shift);
    }
  }
  out.append(4, '\0');
  out += payload;
}

void append_input(std::string& out, std::uint64_t seq, std::string_view data) {
  std::string frame = R"({"type":"input","seq":)" + std::to_string(seq) + R"(,"data":)";
  base::append_json_string(frame, data);
  frame += '}';
  append_frame(out, Opcode::kText, frame);
}

void append_ack(std::string& out, std::uint64_t end) {
  append_frame(out, Opcode::kText, R"({"type":"ack","end":)" + std::to_string(end) + "}");
}

void hang_up(int socket) {
  std::string frame;
  append_frame(frame, Opcode::kText, R"({"type":"close"})");
  (void)::send(socket, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

char* FrameReader::room(std::size_t bytes) {
  if (at_ == end_) {
    at_ = end_ = 0;
  } else if (at_ > 0 && buffer_.size() - end_ < bytes) {
    std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
    end_ -= at_;
    at_ = 0;
  }
  if (buffer_.size() < end_ + bytes) buffer_.resize(end_ + bytes);
  return buffer_.data() + end_;
}

bool FrameReader::read_upgrade() {
  if (upgraded_) return true;
  const auto end = unread().find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  if (!unread().starts_with("HTTP/1.1 101")) {
    fail(std::string(unread().substr(0, unread().find('\r'))));
  }
  at_ += end + 4;
  upgraded_ = true;
  return true;
}

std::optional<FrameReader::Frame> FrameReader::next() {
  if (!read_upgrade()) return std::nullopt;
  const auto here = unread();
  const auto byte = [here](std::size_t at) { return static_cast<unsigned char>(here[at]); };
  if (here.size() < 2) return std::nullopt;
  std::size_t header = 2;
  std::size_t size = byte(1) & 0x7f;
  if (size >= 126) {
    const std::size_t bytes = size == 126 ? 2 : 8;
    header += bytes;
    if (here.size() < header) return std::nullopt;
    size = 0;
    for (std::size_t at = 2; at < header; ++at) size = size << 8 | byte(at);
  }
  if (here.size() < header + size) return std::nullopt;
  at_ += header + size;
  return Frame{static_cast<Opcode>(byte(0) & 0x0f), here.substr(header, size)};
}

std::optional<OutputFrame> parse_output(std::string_view frame) {
  constexpr std::string_view kOutput = R"({"type":"output","end":)";
  constexpr std::string_view kData = R"(,"data":")";
  if (!frame.starts_with(kOutput)) return std::nullopt;
  OutputFrame output{};
  const auto* const number = frame.data() + kOutput.size();
  const auto parsed = std::from_chars(number, frame.data() + frame.size(), output.end);
  const auto rest = frame.substr(static_cast<std::size_t>(parsed.ptr - frame.data()));
  if (!rest.starts_with(kData)) fail("an output frame of another shape");
  output.data = rest.substr(kData.size());
  return output;
}

void append_unescaped(std::string& out, std::string_view json) {
  for (std::size_t at = 0;;) {
    const auto stop = at + base::plain_json_prefix(json.substr(at));
    if (stop + 1 >= json.size()) fail("half a string");
    out.append(json, at, stop - at);
    if (json[stop] == '"') return;
    const char escaped = json[stop + 1];
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
        out += static_cast<char>(std::stoi(std::string(json.substr(at, 4)), nullptr, 16));
        at += 4;
        break;
      default:
        out += escaped;
    }
  }
}

}  // namespace sallyport::bench
