#include "support/web_socket_client.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <utility>

#include "support/web_socket_connection.h"

namespace sallyport::support {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t kLongestMessage = 16 * 1024 * 1024;

websocket::stream_base::decorator request_fields(const WebSocketOptions& options) {
  return websocket::stream_base::decorator([options](websocket::request_type& request) {
    const std::string host =
        options.host.empty() ? options.address + ":" + std::to_string(options.port) : options.host;
    request.set(boost::beast::http::field::host, host);
    if (!options.forwarded_for.empty()) {
      request.set("X-Forwarded-For", options.forwarded_for);
    }
    if (options.send_origin) {
      request.set(boost::beast::http::field::origin, options.origin.value_or("http://" + host));
    }
    if (!options.subprotocol.empty()) {
      request.set(boost::beast::http::field::sec_websocket_protocol, options.subprotocol);
    }
  });
}

}  // namespace

WebSocketClient::WebSocketClient(WebSocketOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
  auto& tcp = impl_->socket.next_layer();
  tcp.open(asio::ip::tcp::v4());
  if (impl_->options.receive_buffer > 0) {
    tcp.set_option(asio::socket_base::receive_buffer_size(impl_->options.receive_buffer));
  }
  tcp.connect({asio::ip::make_address(impl_->options.address),
               static_cast<std::uint16_t>(impl_->options.port)});
  tcp.set_option(asio::ip::tcp::no_delay(true));
  impl_->socket.read_message_max(kLongestMessage);
  impl_->socket.auto_fragment(false);
}

WebSocketClient::~WebSocketClient() {
  if (impl_) drop();
}
WebSocketClient::WebSocketClient(WebSocketClient&&) noexcept = default;
WebSocketClient& WebSocketClient::operator=(WebSocketClient&&) noexcept = default;

unsigned WebSocketClient::upgrade() {
  auto& self = *impl_;
  self.socket.set_option(request_fields(self.options));
  std::optional<error_code> result;
  self.socket.async_handshake(self.response, "127.0.0.1", self.options.target, self.into(result));
  if (!self.run_until([&] { return result.has_value(); }, Clock::now() + kPatience)) {
    self.give_up("no answer to the upgrade");
  }
  self.refusal = self.response.body();
  self.upgraded = !*result;
  if (*result && *result != websocket::error::upgrade_declined) self.ended(*result);
  return self.response.result_int();
}

const std::string& WebSocketClient::refusal() const { return impl_->refusal; }

void WebSocketClient::send(const Json& frame) { send_text(frame.dump()); }

void WebSocketClient::send_text(std::string_view text) {
  impl_->write(
      [&](auto on_written) {
        impl_->socket.text(true);
        impl_->socket.async_write(asio::buffer(text), std::move(on_written));
      },
      "a frame could not be sent");
}

void WebSocketClient::send_binary(std::string_view bytes) {
  impl_->write(
      [&](auto on_written) {
        impl_->socket.binary(true);
        impl_->socket.async_write(asio::buffer(bytes), std::move(on_written));
      },
      "a binary frame could not be sent");
}

void WebSocketClient::send_raw(std::string_view bytes) {
  impl_->write(
      [&](auto on_written) {
        asio::async_write(impl_->socket.next_layer(), asio::buffer(bytes), std::move(on_written));
      },
      "bytes could not be sent");
}

std::string WebSocketClient::frame_bytes(unsigned opcode, bool fin, std::string_view payload) {
  const auto byte = [](std::uint64_t value) { return static_cast<char>(value & 0xff); };
  std::string frame{byte((fin ? 0x80u : 0u) | opcode)};
  const std::uint64_t size = payload.size();
  if (size < 126) {
    frame += byte(0x80 | size);
  } else {
    const bool is_long = size > 0xffff;
    frame += byte(0x80 | (is_long ? 127u : 126u));
    for (int shift = is_long ? 56 : 8; shift >= 0; shift -= 8) frame += byte(size >> shift);
  }
  // A mask of zeros is a mask (section 5.3), and leaves the payload readable.
  return frame.append(4, '\0').append(payload);
}

std::uint64_t WebSocketClient::type(std::string_view utf8) {
  send({{"type", "input"}, {"seq", ++impl_->typed}, {"data", utf8}});
  return impl_->typed;
}

bool WebSocketClient::try_type(std::string_view utf8, std::chrono::milliseconds limit) {
  auto& self = *impl_;
  const auto until = Clock::now() + limit;
  const auto text = std::make_shared<std::string>(
      Json{{"type", "input"}, {"seq", ++self.typed}, {"data", utf8}}.dump());
  const auto idle = [&self] { return !self.writing; };
  if (!self.run_until(idle, until)) return false;
  self.writing = true;
  self.socket.text(true);
  self.socket.async_write(asio::buffer(*text),
                          [&self, text](error_code, std::size_t) { self.writing = false; });
  return self.run_until(idle, until);
}

void WebSocketClient::ack(std::uint64_t end) { send({{"type", "ack"}, {"end", end}}); }

void WebSocketClient::close() {
  if (!impl_->open) return;
  impl_->reading = true;
  std::optional<error_code> result;
  impl_->socket.async_close(websocket::close_code::normal, impl_->into(result));
  if (!impl_->run_until([&] { return result.has_value(); }, Clock::now() + kPatience)) {
    impl_->give_up("the close handshake did not end");
  }
  impl_->ended(*result ? *result : error_code(websocket::error::closed));
}

void WebSocketClient::drop() {
  impl_->ended(asio::error::operation_aborted);
  impl_->io.restart();
  impl_->io.poll();  // what was cancelled
}

void WebSocketClient::reset() {
  error_code ignored;
  impl_->socket.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
  drop();
}

void WebSocketClient::half_close() {
  error_code ignored;
  impl_->socket.next_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void WebSocketClient::set_reading(bool reading) { impl_->reading = reading; }

void WebSocketClient::set_acking(bool acking) { impl_->acking = acking; }

WebSocketClient::Json WebSocketClient::expect(std::string_view type) {
  auto& self = *impl_;
  self.run_until([&] { return !self.events.empty() || !self.open; }, Clock::now() + kPatience);
  if (self.events.empty()) self.give_up("waited in vain for `" + std::string(type) + "`");
  auto frame = take_event();
  if (frame.at("type") != type) {
    self.give_up("expected `" + std::string(type) + "`, got " + frame.dump());
  }
  return frame;
}

WebSocketClient::Json WebSocketClient::take_event() {
  auto frame = std::move(impl_->events.front());
  impl_->events.pop_front();
  return frame;
}

std::string WebSocketClient::expect_output(std::string_view text) {
  auto& self = *impl_;
  std::size_t looked = self.searched;
  std::size_t found = std::string::npos;
  const auto look = [&] {
    found = self.output.find(text, looked);
    if (found == std::string::npos && self.output.size() >= text.size()) {
      looked = std::max(looked, self.output.size() - text.size() + 1);
    }
    return found != std::string::npos;
  };
  self.run_until([&] { return look() || !self.open; }, Clock::now() + kPatience);
  if (found == std::string::npos) {
    self.give_up("waited in vain for the output \"" + std::string(text) + "\"");
  }
  auto before = self.output.substr(self.searched, found - self.searched);
  self.searched = found + text.size();
  return before;
}

void WebSocketClient::wait_until(const std::function<bool()>& done, std::string_view what,
                                 std::chrono::milliseconds limit) {
  const auto ended = [&] { return done() || !impl_->open; };
  impl_->run_until(ended, Clock::now() + limit);
  if (!done()) impl_->give_up("waited in vain for " + std::string(what));
}

bool WebSocketClient::read_for(std::chrono::milliseconds time) {
  impl_->run_until([this] { return !impl_->open; }, Clock::now() + time);
  return impl_->open;
}

unsigned WebSocketClient::close_code() {
  if (!impl_->run_until([this] { return !impl_->open; }, Clock::now() + kPatience)) {
    impl_->give_up("the connection does not end");
  }
  return impl_->code;
}

bool WebSocketClient::sees_the_end() {
  std::array<char, 4096> ignored{};
  const auto limit = Clock::now() + kPatience;
  while (Clock::now() < limit) {
    std::optional<error_code> result;
    impl_->socket.next_layer().async_read_some(
        asio::buffer(ignored),
        [on_read = impl_->into(result)](error_code error, std::size_t) { on_read(error); });
    if (!impl_->run_until([&] { return result.has_value(); }, limit)) impl_->give_up("no end");
    if (*result) return true;
  }
  return false;
}

bool WebSocketClient::sees_hangup(std::chrono::milliseconds limit) {
  pollfd socket{impl_->socket.next_layer().native_handle(), POLLRDHUP, 0};
  return ::poll(&socket, 1, static_cast<int>(limit.count())) > 0;
}

bool WebSocketClient::open() const { return impl_->open; }
const std::string& WebSocketClient::output() const { return impl_->output; }
std::uint64_t WebSocketClient::output_start() const { return impl_->output_start; }
std::uint64_t WebSocketClient::output_end() const { return impl_->output_end(); }
std::string WebSocketClient::take_output() {
  impl_->output_start = impl_->output_end();
  impl_->searched = 0;
  return std::exchange(impl_->output, {});
}
bool WebSocketClient::inside_frame() const { return impl_->buffer.size() > 0; }
std::uint64_t WebSocketClient::accepted() const { return impl_->accepted; }
const std::vector<std::string>& WebSocketClient::stages() const { return impl_->stages; }
const std::vector<std::string>& WebSocketClient::texts() const { return impl_->texts; }
std::size_t WebSocketClient::unexpected() const { return impl_->events.size(); }

}  // namespace sallyport::support
