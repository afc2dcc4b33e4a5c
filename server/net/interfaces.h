#pragma once

#include <boost/asio/ip/address.hpp>
#include <vector>

namespace sallyport::net {

// The addresses of all interfaces of this machine now (getifaddrs(3)), loopback too. Empty when the
// system does not say.
std::vector<boost::asio::ip::address> interface_addresses();

}  // namespace sallyport::net
