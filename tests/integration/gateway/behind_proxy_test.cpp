// What a reverse proxy does to the end of a connection.
#include <gmock/gmock.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Carries one connection. When either side ends its half it passes on what it has and closes both,
// as nginx does with an upgraded connection.
class ClosingProxy {
 public:
  explicit ClosingProxy(unsigned port)
      : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        browser_(context_),
        gateway_(context_),
        target_(asio::ip::address_v4::loopback(), static_cast<unsigned short>(port)) {
    acceptor_.async_accept(browser_, [this](auto error) {
      if (error) return;
      gateway_.connect(target_);
      gateway_.set_option(tcp::no_delay(true));
      carry(browser_, gateway_, from_browser_);
      carry(gateway_, browser_, from_gateway_);
    });
    thread_ = std::thread([this] { context_.run(); });
  }
  ~ClosingProxy() {
    context_.stop();
    thread_.join();
  }
  unsigned port() const { return acceptor_.local_endpoint().port(); }

 private:
  using Buffer = std::array<char, 16 * 1024>;
  void carry(tcp::socket& from, tcp::socket& to, Buffer& buffer) {
    from.async_read_some(asio::buffer(buffer), [&, this](auto error, std::size_t count) {
      boost::system::error_code failed;
      if (!error) asio::write(to, asio::buffer(buffer.data(), count), failed);
      if (!error && !failed) return carry(from, to, buffer);
      boost::system::error_code ignored;
      browser_.close(ignored);
      gateway_.close(ignored);
    });
  }

  asio::io_context context_;
  tcp::acceptor acceptor_;
  tcp::socket browser_;
  tcp::socket gateway_;
  tcp::endpoint target_;
  Buffer from_browser_, from_gateway_;
  std::thread thread_;
};

class BehindProxy : public GatewayTest {
 protected:
  void SetUp() override {
    settings().detached_limit = std::chrono::hours(24);
    start();
  }
  ScriptedSshServer host_;
};

TEST_F(BehindProxy, ABrowserThatHasSeenTheEndIsNotWaitedFor) {
  ClosingProxy proxy(gateway().port());
  auto options = socket_options();
  options.port = proxy.port();
  WebSocketClient browser(options);
  ASSERT_EQ(browser.upgrade(), 101u);
  browser.send(open_frame(host_.port(), password("right horse")));
  const auto opened = browser.expect("opened");
  browser.type("!exit 0\n");
  EXPECT_EQ(browser.expect("exited").at("status"), 0);
  EXPECT_EQ(browser.close_code(), 1000u);
  EXPECT_TRUE(eventually([this] { return gateway().connections() == 0; }));

  auto again = connect();
  again.send({{"type", "list"},
              {"sessions", {{{"session", opened.at("session")}, {"token", opened.at("token")}}}}});
  EXPECT_TRUE(again.expect("sessions").at("sessions").empty());
}

}  // namespace
}  // namespace sallyport::support
