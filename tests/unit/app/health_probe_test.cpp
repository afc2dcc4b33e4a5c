#include "app/health_probe.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <istream>
#include <string>
#include <thread>
#include <utility>

namespace sallyport::app {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

// Takes one connection, reads a request and gives one answer; keeps the connection until told.
class OneAnswer {
 public:
  OneAnswer(const char* address, std::string answer)
      : acceptor_(io_, {asio::ip::make_address(address), 0}),
        thread_([this, answer = std::move(answer)] {
          tcp::socket socket(io_);
          boost::system::error_code ignored;
          acceptor_.accept(socket, ignored);
          asio::streambuf buffer;
          asio::read_until(socket, buffer, "\r\n\r\n", ignored);
          std::istream stream(&buffer);
          std::getline(stream, request_line_);
          asio::write(socket, asio::buffer(answer), ignored);
          end_.get_future().wait();
        }) {}
  ~OneAnswer() { stop(); }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  unsigned port() const { return acceptor_.local_endpoint().port(); }
  std::string request_line() {
    stop();
    return request_line_;
  }

 private:
  void stop() {
    if (!thread_.joinable()) return;
    end_.set_value();
    thread_.join();
  }

  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::string request_line_;
  std::promise<void> end_;
  std::thread thread_;
};

TEST(HealthProbe, FindsAGatewayThatAnswers200Well) {
  OneAnswer gateway("127.0.0.1", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_TRUE(probe_health({.address = "127.0.0.1", .port = gateway.port()}, 3s).has_value());
  EXPECT_EQ(gateway.request_line(), "GET /healthz HTTP/1.1\r");
}

TEST(HealthProbe, SaysThatAnyOtherStatusIsNotWell) {
  OneAnswer gateway("127.0.0.1", "HTTP/1.1 503 Service Unavailable\r\n\r\n");
  const auto well = probe_health({.address = "127.0.0.1", .port = gateway.port()}, 3s);
  ASSERT_FALSE(well.has_value());
  EXPECT_EQ(well.error(),
            "127.0.0.1:" + std::to_string(gateway.port()) + " answered, but not that it is well.");
}

TEST(HealthProbe, GivesUpOnAGatewayThatIsSilent) {
  OneAnswer gateway("127.0.0.1", "");
  const auto well = probe_health({.address = "127.0.0.1", .port = gateway.port()}, 50ms);
  ASSERT_FALSE(well.has_value());
  EXPECT_EQ(well.error(),
            "127.0.0.1:" + std::to_string(gateway.port()) + " did not answer in time.");
}

TEST(HealthProbe, SaysWhyNobodyAnswers) {
  unsigned port = 0;
  {
    asio::io_context io;
    port = tcp::acceptor(io, {asio::ip::make_address("127.0.0.1"), 0}).local_endpoint().port();
  }
  const auto well = probe_health({.address = "127.0.0.1", .port = port}, 3s);
  ASSERT_FALSE(well.has_value());
  EXPECT_EQ(well.error(),
            "127.0.0.1:" + std::to_string(port) + " gave no answer: Connection refused.");
}

TEST(HealthProbe, RefusesWhatIsNoAddress) {
  EXPECT_EQ(probe_health({.address = "gateway.example", .port = 8022}, 3s).error(),
            "gateway.example is not an IP address.");
}

}  // namespace
}  // namespace sallyport::app
