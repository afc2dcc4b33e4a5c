#include "net/resolver.h"

#include <netdb.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <utility>

#include "net/address.h"
#include "net/deadline.h"

namespace sallyport::net {
namespace {

using Addresses = std::vector<asio::ip::address>;

Addresses look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &first) != 0) {
    // RFC 6761, section 6.3: this name means this machine, also where no file says so.
    if (strcasecmp(host.c_str(), "localhost") != 0) return {};
    return {asio::ip::address_v6::loopback(), asio::ip::address_v4::loopback()};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(first, &freeaddrinfo);
  Addresses found;
  for (const addrinfo* one = first; one; one = one->ai_next) {
    const auto address = address_of(*one->ai_addr);
    if (address && std::ranges::find(found, *address) == found.end()) found.push_back(*address);
  }
  return found;
}

// RFC 8305, section 4: the system's order (RFC 6724) within a family, the families in turn.
Addresses interleaved(const Addresses& found) {
  Addresses order;
  if (found.empty()) return order;
  const bool v6_first = found.front().is_v6();
  Addresses first, second;
  for (const auto& address : found)
    (address.is_v6() == v6_first ? first : second).push_back(address);
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) order.push_back(first[i]);
    if (i < second.size()) order.push_back(second[i]);
  }
  return order;
}

// getaddrinfo(3) cannot be cancelled: when the time is up its answer is for nobody. What both sides
// hold lives on here.
struct Lookup {
  explicit Lookup(const Executor& executor) : done(executor) {
    done.expires_at(Timer::time_point::max());
  }
  Timer done;
  Addresses found;
  bool answered = false;
  std::atomic<bool> given_up = false;
};

}  // namespace

Task<base::Result<std::vector<asio::ip::address>>> resolve(Workers& workers, std::string host,
                                                           std::chrono::milliseconds limit) {
  boost::system::error_code not_literal;
  const asio::ip::address literal = asio::ip::make_address(host, not_literal);
  if (!not_literal) co_return Addresses{literal};

  const Executor executor = co_await asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>(executor);
  workers.start([executor, lookup, host] {
    // Behind slow ones, so that names nobody waits for any more do not hold up those that follow.
    if (lookup->given_up) return;
    Addresses found = look_up(host);
    asio::post(executor, [lookup, found = std::move(found)]() mutable {
      lookup->found = std::move(found);
      lookup->answered = true;
      lookup->done.cancel();
    });
  });
  {
    const Deadline deadline(executor, limit, [lookup] { lookup->done.cancel(); });
    boost::system::error_code woken;
    co_await lookup->done.async_wait(asio::redirect_error(use_task, woken));
  }
  if (!lookup->answered) {
    lookup->given_up = true;
    co_return std::unexpected(base::failure::resolve_timeout(host, base::whole_seconds(limit)));
  }
  if (lookup->found.empty()) co_return std::unexpected(base::failure::not_found(host));
  co_return interleaved(lookup->found);
}

}  // namespace sallyport::net
