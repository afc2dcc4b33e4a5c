#pragma once

#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <optional>

namespace sallyport::net {

// The address in one of the system's socket addresses; nothing when it is neither IPv4 nor IPv6.
std::optional<boost::asio::ip::address> address_of(const sockaddr& from);
// Its port, 0 where it has none.
unsigned port_of(const sockaddr& from);

}  // namespace sallyport::net
