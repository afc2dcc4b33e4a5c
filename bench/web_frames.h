#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The client's half of RFC 6455 and sallyport.v1 with as little work of its own as can be, because
// its work is measured too.
namespace sallyport::bench {

// The HTTP request that opens a terminal's socket at 127.0.0.1:`port`.
std::string upgrade_request(unsigned port);

// Appends a whole client frame (RFC 6455, 5.2). A client masks; a mask of zero is a mask, and
// leaves the bytes as they are.
enum class Opcode : unsigned char { kText = 1, kClose = 8, kPing = 9, kPong = 10 };
void append_frame(std::string& out, Opcode opcode, std::string_view payload);
void append_input(std::string& out, std::uint64_t seq, std::string_view data);
void append_ack(std::string& out, std::uint64_t end);

// Ends the session, not only the socket: one that was left would go on, and flood for hours. As
// much as the socket takes; it is closed afterwards.
void hang_up(int socket);

// Bytes of a socket in, whole frames out. The answer to the upgrade is taken off first.
class FrameReader {
 public:
  struct Frame {
    Opcode opcode;
    std::string_view payload;  // until the next call of room()
  };
  // Room for `bytes` more at the end; filled() says how many came.
  char* room(std::size_t bytes);
  void filled(std::size_t bytes) { end_ += bytes; }
  // Nothing: not whole yet. Throws what the gateway said when it refuses the upgrade.
  std::optional<Frame> next();
  // Takes off the answer to the upgrade. False: it is not here yet.
  bool read_upgrade();
  // Bytes are here that next() has not looked at, or a part of a frame.
  bool holds_more() const { return at_ < end_; }

 private:
  std::string_view unread() const { return {buffer_.data() + at_, end_ - at_}; }
  std::string buffer_;
  std::size_t at_ = 0;   // read so far
  std::size_t end_ = 0;  // filled so far
  bool upgraded_ = false;
};

// An `output` frame, the only one that comes by the million; none: a frame of another type.
struct OutputFrame {
  std::uint64_t end;      // offset just after its data
  std::string_view data;  // as JSON holds it, from behind its quote on
};
std::optional<OutputFrame> parse_output(std::string_view frame);
// Appends the text of a JSON string that begins behind its quote.
void append_unescaped(std::string& out, std::string_view json);

}  // namespace sallyport::bench
