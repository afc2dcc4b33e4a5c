#include "app/health_probe.h"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <string_view>

#include "base/failure.h"

namespace sallyport::app {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// The status line of an answer (RFC 9112, section 4) is all that is read: "HTTP/1.1 200".
constexpr std::size_t kStatusBytes = 12;

// One request on one connection; each step starts the next, and an error ends it.
class Probe {
 public:
  Probe(asio::io_context& io, const std::string& host) : socket_(io) {
    request_ = "GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  }

  void start(const tcp::endpoint& endpoint) {
    socket_.async_connect(endpoint, [this](boost::system::error_code error) {
      if (!failed(error)) write();
    });
  }

  bool done() const { return done_; }
  boost::system::error_code error() const { return error_; }
  std::string_view status() const { return {status_.data(), status_.size()}; }

 private:
  void write() {
    asio::async_write(socket_, asio::buffer(request_),
                      [this](boost::system::error_code error, std::size_t) {
                        if (!failed(error)) read();
                      });
  }

  void read() {
    asio::async_read(socket_, asio::buffer(status_),
                     [this](boost::system::error_code error, std::size_t) {
                       if (!failed(error)) done_ = true;
                     });
  }

  bool failed(boost::system::error_code error) {
    if (!error) return false;
    error_ = error;
    done_ = true;
    return true;
  }

  tcp::socket socket_;
  std::string request_;
  std::array<char, kStatusBytes> status_{};
  boost::system::error_code error_;
  bool done_ = false;
};

}  // namespace

std::expected<void, std::string> probe_health(const std::string& address, unsigned port,
                                              std::chrono::milliseconds limit) {
  boost::system::error_code error;
  const auto target = asio::ip::make_address(address, error);
  if (error) return std::unexpected(address + " is not an IP address.");
  const std::string place = base::host_port(target.to_string(), port);

  asio::io_context io(1);
  Probe probe(io, place);
  probe.start({target, static_cast<unsigned short>(port)});
  io.run_for(limit);
  if (!probe.done()) return std::unexpected(place + " did not answer in time.");
  if (probe.error()) {
    return std::unexpected(place + " gave no answer: " + probe.error().message() + ".");
  }
  if (!probe.status().starts_with("HTTP/1.") || !probe.status().ends_with(" 200")) {
    return std::unexpected(place + " answered, but not that it is well.");
  }
  return {};
}

}  // namespace sallyport::app
