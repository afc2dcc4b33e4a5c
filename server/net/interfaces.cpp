#include "net/interfaces.h"

#include <ifaddrs.h>

#include <memory>

#include "net/address.h"

namespace sallyport::net {

std::vector<boost::asio::ip::address> interface_addresses() {
  std::vector<boost::asio::ip::address> addresses;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return addresses;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, &freeifaddrs);
  for (const ifaddrs* at = first; at; at = at->ifa_next) {
    if (!at->ifa_addr) continue;
    if (const auto address = address_of(*at->ifa_addr)) addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace sallyport::net
