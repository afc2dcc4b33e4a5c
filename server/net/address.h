#pragma once

#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>

#include "net/task.h"

namespace sallyport::net {

// The address in one of the system's socket addresses; nothing when it is neither IPv4 nor IPv6.
std::optional<asio::ip::address> address_of(const sockaddr& from);

// Who is at the other end, for the log: "10.0.0.9:51234", or "gone" when nobody is any more.
std::string peer_of(const Socket& socket);

}  // namespace sallyport::net
