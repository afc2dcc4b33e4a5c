#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::support {

// No wait of a test is longer. It is far more than anything takes, also under a sanitizer on a busy
// machine: a test that meets it has failed.
inline constexpr std::chrono::seconds kPatience{30};

struct WebSocketOptions {
  std::string address = "127.0.0.1";
  unsigned port = 0;
  std::string target = "/ws";
  std::string host;                   // the Host field; empty: address:port
  std::optional<std::string> origin;  // nothing: the gateway's own
  bool send_origin = true;
  std::string subprotocol = "sallyport.v1";  // empty: none is offered
  std::string forwarded_for = {};            // X-Forwarded-For; empty: none
  int receive_buffer = 0;                    // bytes the kernel may hold; 0: as many as it likes
};

// A browser's side of sallyport.v1 for tests. It blocks, on the caller's thread only, and every
// wait is bounded: one that is over throws std::runtime_error which tells what was received so far.
// What it receives is checked on the way: each `end` must be contiguous with its data's bytes.
class WebSocketClient {
 public:
  using Json = nlohmann::json;

  explicit WebSocketClient(WebSocketOptions options);  // connects TCP, and no more
  ~WebSocketClient();                                  // drops the TCP connection
  WebSocketClient(WebSocketClient&&) noexcept;
  WebSocketClient& operator=(WebSocketClient&&) noexcept;

  // The HTTP status of the answer to the upgrade: 101 when it is a WebSocket now.
  unsigned upgrade();
  const std::string& refusal() const;  // the body of an answer that is not 101

  // ---- sending
  void send(const Json& frame);
  void send_text(std::string_view text);
  void send_binary(std::string_view bytes);
  // Past all framing. frame_bytes() makes what RFC 6455, section 5.2 calls a frame, masked.
  void send_raw(std::string_view bytes);
  static std::string frame_bytes(unsigned opcode, bool fin, std::string_view payload);
  // One `input` frame with the next number; returns it.
  std::uint64_t type(std::string_view utf8);
  // The same, but gives up when the gateway does not take all of it in time; nothing can be sent
  // then any more.
  bool try_type(std::string_view utf8, std::chrono::milliseconds limit);
  void ack(std::uint64_t end);
  void hang_up() { send({{"type", "close"}}); }
  void close();       // the WebSocket's own close handshake, waits for its end
  void drop();        // closes TCP at once, as a crashed browser does
  void reset();       // the same with an RST, as a network that changed does
  void half_close();  // shutdown(SHUT_WR)
  // Off: nothing is read any more, so the kernel's buffers fill, and pings stay unanswered.
  void set_reading(bool reading);
  // On, as at first: every output frame is acknowledged when it came.
  void set_acking(bool acking);

  // ---- receiving
  // The next frame that is none of `progress`, `output`, `accepted`; it must be of this type.
  Json expect(std::string_view type);
  Json take_event();  // the next of those, which has_event()
  // Waits until the output after what earlier calls found holds `text`, and goes there. Returns
  // what was before it.
  std::string expect_output(std::string_view text);
  // Reads on until `done`.
  void wait_until(const std::function<bool()>& done, std::string_view what,
                  std::chrono::milliseconds limit = kPatience);
  // Reads for this long or until the connection ends. Whether it is still open.
  bool read_for(std::chrono::milliseconds time);
  // Waits for the end of the connection. 1006: it ended without a close frame.
  unsigned close_code();
  // Without reading: whether the gateway ends the connection in time.
  bool sees_hangup(std::chrono::milliseconds limit = kPatience);
  // Before upgrade(): whether the gateway closes TCP; what it says first is passed over.
  bool sees_the_end();

  bool open() const;
  // All of it since `opened` or the last `attached`, less what was taken, and its offset.
  const std::string& output() const;
  std::uint64_t output_start() const;
  std::string take_output();
  std::uint64_t output_end() const;  // the last `end`
  bool inside_frame() const;         // some of the next message has come, and not all
  std::uint64_t accepted() const;    // the last `seq` of `accepted`
  const std::vector<std::string>& stages() const;
  const std::vector<std::string>& texts() const;  // every frame but output, as it came
  std::size_t unexpected() const;                 // frames that no expect() has taken yet
  bool has_event() const { return unexpected() > 0; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sallyport::support
