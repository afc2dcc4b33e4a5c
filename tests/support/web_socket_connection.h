#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/web_socket_client.h"

namespace sallyport::support {

// What a WebSocketClient holds: the socket, what came, and the loop that lets things happen.
// Included by its own two files only: Beast is slow to compile.
struct WebSocketConnection {
  using Json = WebSocketClient::Json;
  using Clock = std::chrono::steady_clock;
  static constexpr unsigned kNoCloseFrame = 1006;  // RFC 6455, section 7.4.1

  WebSocketOptions options;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> socket{io};
  boost::beast::flat_buffer buffer;
  boost::beast::websocket::response_type response;
  std::shared_ptr<std::optional<boost::system::error_code>*> waiting;  // who called into() last
  std::string refusal;
  bool upgraded = false;
  bool open = true;
  bool reading = true;
  bool read_waits = false;  // an async_read is under way
  bool acking = true;
  bool writing = false;
  std::uint64_t ack_due = 0;  // acked by the next write that may start
  std::uint64_t acked = 0;
  unsigned code = kNoCloseFrame;
  std::string why;

  std::deque<Json> events;
  std::vector<std::string> texts;
  std::vector<std::string> stages;
  std::uint64_t output_start = 0;  // offset of the output's first byte
  std::string output;
  std::size_t searched = 0;
  std::uint64_t accepted = 0;
  std::uint64_t typed = 0;

  std::string told() const;
  [[noreturn]] void give_up(std::string_view what);

  // Lets things happen until `done`, the connection's end included only when `done` says so.
  bool run_until(const std::function<bool()>& done, Clock::time_point limit);

  void start_read();
  void ended(boost::system::error_code error);
  void on_message(std::string text);
  void on_attached(const Json& frame);
  std::uint64_t output_end() const { return output_start + output.size(); }
  // Acks are absolute, so one that waits for its turn may take the newest number then.
  void send_due_ack();

  // A handler that keeps the result where the caller looks, while the caller is there to look.
  auto into(std::optional<boost::system::error_code>& result) {
    const auto kept = std::make_shared<std::optional<boost::system::error_code>*>(&result);
    waiting = kept;
    return [kept = std::weak_ptr(kept)](boost::system::error_code error) {
      if (const auto place = kept.lock()) **place = error;
    };
  }

  template <class Start>
  void write(Start&& start, std::string_view what) {
    const auto limit = Clock::now() + kPatience;
    if (!run_until([this] { return !writing || !open; }, limit)) give_up(what);
    if (!open) return;
    writing = true;
    std::forward<Start>(start)([this](boost::system::error_code error, std::size_t) {
      writing = false;
      // What the gateway said before it closed may still wait to be read.
      if (error && !reading) ended(error);
    });
    if (!run_until([this] { return !writing; }, limit)) give_up(what);
    send_due_ack();
  }
};

struct WebSocketClient::Impl : WebSocketConnection {};

}  // namespace sallyport::support
