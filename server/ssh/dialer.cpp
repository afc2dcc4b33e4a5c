#include "ssh/dialer.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace sallyport::ssh {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;

// RFC 8305, section 5, "Connection Attempt Delay".
constexpr std::chrono::milliseconds kNextAttempt{250};

// The attempts of one dial(). Shared with the handlers that are under way, so that the first to
// connect can end the others.
struct Race : std::enable_shared_from_this<Race> {
  explicit Race(const net::Executor& on) : executor(on), changed(on) {}

  void attempt(const policy::Grant& grant) {
    const policy::Endpoint& to = grant.endpoint();
    auto socket = std::make_shared<net::Socket>(executor);
    sockets.push_back(socket);
    ++under_way;
    socket->async_connect({to_asio(to.address), static_cast<unsigned short>(to.port)},
                          [self = shared_from_this(), socket](const error_code& error) {
                            --self->under_way;
                            if (self->over) return;
                            if (error) {
                              self->first_error = self->first_error ? self->first_error : error;
                            } else {
                              self->winner = socket;
                              self->finish();
                            }
                            self->changed.cancel();
                          });
  }
  void finish() {
    over = true;
    for (const auto& socket : sockets) {
      error_code ignored;
      if (socket != winner) socket->close(ignored);
    }
    changed.cancel();
  }

  net::Executor executor;
  net::Timer changed;  // cancelled when an attempt ended
  std::vector<std::shared_ptr<net::Socket>> sockets;
  std::shared_ptr<net::Socket> winner;
  error_code first_error;
  std::size_t under_way = 0;
  bool over = false;
};

base::Failure why(const error_code& error, const std::string& host, unsigned port) {
  if (error == asio::error::connection_refused) return base::failure::refused(host, port);
  return base::failure::unreachable(host, port,
                                    error ? error.message() : "the attempt was given up");
}

void set_up(net::Socket& socket, std::chrono::milliseconds dead_after) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
  socket.set_option(UserTimeout(static_cast<int>(dead_after.count())), ignored);
}

}  // namespace

policy::Address to_policy(const asio::ip::address& address) {
  if (address.is_v4()) return policy::Address::v4(address.to_v4().to_bytes());
  policy::Address out;
  out.bytes = address.to_v6().to_bytes();
  return out;
}

asio::ip::address to_asio(const policy::Address& address) {
  const asio::ip::address_v6 v6(address.bytes);
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6);
  return v6;
}

net::Task<base::Result<net::Socket>> dial(std::vector<policy::Grant> grants, std::string host,
                                          unsigned port, std::chrono::milliseconds limit,
                                          std::chrono::milliseconds dead_after,
                                          net::Closer& closer) {
  const net::Executor executor = co_await asio::this_coro::executor;
  const auto race = std::make_shared<Race>(executor);
  closer.on_close([race] { race->finish(); });
  const auto ends = net::Timer::clock_type::now() + limit;
  auto next_at = net::Timer::clock_type::now();
  std::size_t next = 0;
  while (!race->over) {
    const auto now = net::Timer::clock_type::now();
    if (now >= ends) break;
    const bool any_left = next < grants.size();
    if (!any_left && race->under_way == 0) break;
    // The next address has its turn when its time has come, or at once when all before it have
    // failed.
    if (any_left && (now >= next_at || race->under_way == 0)) {
      race->attempt(grants[next++]);
      next_at = now + kNextAttempt;
      continue;
    }
    race->changed.expires_at(any_left ? std::min(next_at, ends) : ends);
    error_code woken;
    co_await race->changed.async_wait(asio::redirect_error(net::use_task, woken));
  }
  const bool timed_out = !race->over && race->under_way > 0;
  race->finish();
  closer.on_close(nullptr);
  if (!race->winner) {
    if (timed_out) {
      co_return std::unexpected(
          base::failure::connect_timeout(host, port, base::whole_seconds(limit)));
    }
    co_return std::unexpected(why(race->first_error, host, port));
  }
  net::Socket socket = std::move(*race->winner);
  race->sockets.clear();
  race->winner.reset();
  set_up(socket, dead_after);
  co_return socket;
}

}  // namespace sallyport::ssh
