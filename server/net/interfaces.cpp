#include "net/interfaces.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <cstring>
#include <memory>

namespace sallyport::net {

std::vector<boost::asio::ip::address> interface_addresses() {
  using boost::asio::ip::address_v4;
  using boost::asio::ip::address_v6;
  std::vector<boost::asio::ip::address> addresses;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return addresses;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, &freeifaddrs);
  for (const ifaddrs* at = first; at; at = at->ifa_next) {
    if (!at->ifa_addr) continue;
    if (at->ifa_addr->sa_family == AF_INET) {
      sockaddr_in four{};
      std::memcpy(&four, at->ifa_addr, sizeof four);
      addresses.emplace_back(address_v4(ntohl(four.sin_addr.s_addr)));
    } else if (at->ifa_addr->sa_family == AF_INET6) {
      sockaddr_in6 six{};
      std::memcpy(&six, at->ifa_addr, sizeof six);
      address_v6::bytes_type bytes;
      std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
      addresses.emplace_back(address_v6(bytes));
    }
  }
  return addresses;
}

}  // namespace sallyport::net
