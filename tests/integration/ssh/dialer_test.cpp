#include "ssh/dialer.h"

#include <cstdint>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>

#include "net/closer.h"
#include "support/server_process.h"

namespace sallyport::ssh {
namespace {

using std::chrono::milliseconds;

// Listens on an address of loopback; full: it drops what asks to connect, as a host behind a
// firewall does.
class Listener {
 public:
  explicit Listener(const char* address, unsigned port = 0, bool full = false) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(boost::asio::ip::make_address_v4(address).to_uint());
    socklen_t length = sizeof(to);
    auto* generic = reinterpret_cast<sockaddr*>(&to);
    if (::bind(fd_, generic, length) != 0 || ::listen(fd_, full ? 0 : 16) != 0)
      throw std::runtime_error("listen");
    ::getsockname(fd_, generic, &length);
    port_ = ntohs(to.sin_port);
    for (int i = 0; full && i < 4; ++i) {
      waiting_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      ::connect(waiting_.back(), generic, length);
    }
  }
  ~Listener() {
    for (const int fd : waiting_) ::close(fd);
    ::close(fd_);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  unsigned port() const { return port_; }

 private:
  int fd_;
  unsigned port_ = 0;
  std::vector<int> waiting_;
};

class DialerTest : public testing::Test {
 protected:
  base::Result<net::Socket> dial(const std::vector<std::string>& addresses, unsigned port,
                                 milliseconds limit = milliseconds(10'000)) {
    std::vector<policy::Address> parsed;
    for (const std::string& address : addresses) parsed.push_back(*policy::Address::parse(address));
    const policy::Policy everything(policy::Rules{}, {});
    std::optional<base::Result<net::Socket>> result;
    boost::asio::co_spawn(
        context_,
        [&]() -> net::Task<> {
          result = co_await ssh::dial(everything.decide("db-3", port, parsed, true), "db-3", port,
                                      limit, milliseconds(45'000), closer_);
        },
        [](std::exception_ptr thrown) {
          if (thrown) std::rethrow_exception(thrown);
        });
    context_.restart();
    context_.run();
    return std::move(*result);
  }
  std::string reached(const base::Result<net::Socket>& socket) {
    return socket ? socket->remote_endpoint().address().to_string() : socket.error().message;
  }
  boost::asio::io_context context_{1};
  net::Closer closer_;
};

TEST_F(DialerTest, TakesTheFirstThatAnswers) {
  const Listener first("127.0.0.2");
  const Listener second("127.0.0.3", first.port());
  EXPECT_EQ(reached(dial({"127.0.0.2", "127.0.0.3"}, first.port())), "127.0.0.2");
}

TEST_F(DialerTest, GoesOnAtOnceAfterARefusal) {
  const Listener second("127.0.0.3");
  EXPECT_EQ(reached(dial({"127.0.0.2", "127.0.0.3"}, second.port())), "127.0.0.3");
}

TEST_F(DialerTest, DoesNotWaitForASilentAddress) {
  const Listener silent("127.0.0.2", 0, true);
  const Listener second("127.0.0.3", silent.port());
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(reached(dial({"127.0.0.2", "127.0.0.3"}, silent.port())), "127.0.0.3");
  EXPECT_GE(std::chrono::steady_clock::now() - begun,
            milliseconds(240));  // RFC 8305: each has its head start
}

TEST_F(DialerTest, FailsWithTheFirstReasonWhenAllFail) {
  const unsigned port = support::free_port();
  EXPECT_EQ(reached(dial({"127.0.0.2", "127.0.0.3"}, port)),
            "db-3:" + std::to_string(port) + " refused the connection.");
}

TEST_F(DialerTest, FailsInTimeWhenNobodyAnswers) {
  const Listener silent("127.0.0.2", 0, true);
  EXPECT_EQ(reached(dial({"127.0.0.2"}, silent.port(), milliseconds(400))),
            "db-3:" + std::to_string(silent.port()) + " did not answer within 1 s.");
}

TEST_F(DialerTest, CanBeGivenUp) {
  const Listener silent("127.0.0.2", 0, true);
  net::Timer timer(context_.get_executor(), milliseconds(100));
  timer.async_wait([&](const boost::system::error_code&) { closer_.close(); });
  EXPECT_FALSE(dial({"127.0.0.2"}, silent.port()));
}

TEST_F(DialerTest, SetsWhatALinkNeeds) {
  const Listener listener("127.0.0.1");
  auto socket = dial({"127.0.0.1"}, listener.port());
  ASSERT_TRUE(socket);
  boost::asio::ip::tcp::no_delay no_delay;
  socket->get_option(no_delay);
  EXPECT_TRUE(no_delay.value());
  unsigned user_timeout = 0;
  socklen_t length = sizeof(user_timeout);
  ASSERT_EQ(
      ::getsockopt(socket->native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout, &length),
      0);
  EXPECT_EQ(user_timeout, 45'000U);
}

TEST_F(DialerTest, AddressesKeepTheirMeaning) {
  for (const char* text : {"127.0.0.1", "::1", "2001:db8::5"}) {
    const auto address = boost::asio::ip::make_address(text);
    EXPECT_EQ(to_asio(to_policy(address)), address);
  }
  EXPECT_EQ(to_asio(to_policy(boost::asio::ip::make_address("::ffff:10.0.0.5"))),
            boost::asio::ip::make_address("10.0.0.5"));
}

}  // namespace
}  // namespace sallyport::ssh
