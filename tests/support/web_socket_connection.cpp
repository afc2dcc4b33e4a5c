#include "support/web_socket_connection.h"

#include <algorithm>
#include <boost/beast/websocket/rfc6455.hpp>
#include <cstdint>
#include <stdexcept>

namespace sallyport::support {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

// What is waited for may also be something that no event of this connection tells.
constexpr std::chrono::milliseconds kLook{10};

std::string shortened(std::string_view text) {
  constexpr std::size_t kMost = 600;
  if (text.size() <= kMost) return std::string(text);
  return "... " + std::string(text.substr(text.size() - kMost));
}

}  // namespace

std::string WebSocketConnection::told() const {
  std::string text = "\nframes:";
  for (const auto& frame : texts) text += "\n  " + shortened(frame);
  text += "\noutput (" + std::to_string(output.size()) + " bytes): " + shortened(output);
  text += open ? "\nopen" : "\nended: " + std::to_string(code) + " " + why;
  return text;
}

void WebSocketConnection::give_up(std::string_view what) {
  waiting.reset();
  throw std::runtime_error(std::string(what) + told());
}

bool WebSocketConnection::run_until(const std::function<bool()>& done, Clock::time_point limit) {
  while (!done()) {
    if (Clock::now() >= limit) return false;
    start_read();
    io.restart();
    io.run_one_until(std::min(limit, Clock::now() + kLook));
  }
  return true;
}

void WebSocketConnection::start_read() {
  if (!open || !upgraded || !reading || std::exchange(read_waits, true)) return;
  socket.async_read(buffer, [this](error_code error, std::size_t) {
    read_waits = false;
    if (error) return ended(error);
    std::string text(static_cast<const char*>(buffer.data().data()), buffer.size());
    buffer.consume(buffer.size());
    on_message(std::move(text));
  });
}

void WebSocketConnection::ended(error_code error) {
  if (!std::exchange(open, false)) return;
  why = error.message();
  if (error == websocket::error::closed) code = socket.reason().code;
  error_code ignored;
  socket.next_layer().close(ignored);
}

void WebSocketConnection::on_message(std::string text) {
  if (!socket.got_text()) give_up("the gateway sent a binary message");
  auto frame = Json::parse(text);
  const auto type = frame.at("type").get<std::string>();
  if (type == "output") {
    const auto& data = frame.at("data").get_ref<const std::string&>();
    output += data;
    if (frame.at("end").get<std::uint64_t>() != output_end()) {
      give_up("`end` " + frame.at("end").dump() + " is not contiguous with the data");
    }
    if (data.empty()) give_up("an output frame of nothing");
    if (acking) ack_due = output_end();
    return send_due_ack();
  }
  texts.push_back(std::move(text));
  if (type == "accepted") {
    accepted = frame.at("seq").get<std::uint64_t>();
  } else if (type == "progress") {
    stages.push_back(frame.at("stage").get<std::string>());
  } else {
    if (type == "attached") on_attached(frame);
    events.push_back(std::move(frame));
  }
}

// Output goes on at `start`: what came before it, if anything, was shown by another socket or is
// skipped.
void WebSocketConnection::on_attached(const Json& frame) {
  output_start = acked = ack_due = frame.at("start").get<std::uint64_t>();
  output.clear();
  searched = 0;
  typed = std::max(typed, frame.at("input").get<std::uint64_t>());
}

void WebSocketConnection::send_due_ack() {
  if (writing || !open || ack_due <= acked) return;
  acked = ack_due;
  const auto text = std::make_shared<std::string>(Json{{"type", "ack"}, {"end", acked}}.dump());
  writing = true;
  socket.text(true);
  socket.async_write(asio::buffer(*text), [this, text](error_code error, std::size_t) {
    writing = false;
    if (error && !reading) ended(error);
    send_due_ack();
  });
}

}  // namespace sallyport::support
