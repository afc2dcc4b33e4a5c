#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "base/failure.h"
#include "net/closer.h"
#include "net/task.h"
#include "policy/grant.h"

namespace sallyport::ssh {

policy::Address to_policy(const boost::asio::ip::address& address);
boost::asio::ip::address to_asio(const policy::Address& address);

// Connects to the first of `grants` that answers: each next one is tried 250 ms after the one
// before or when that failed (RFC 8305, section 5). TCP_NODELAY and TCP_USER_TIMEOUT (`dead_after`)
// are set. Fails with refused, connect_timeout or unreachable, which name `host` as the user wrote
// it.
net::Task<base::Result<net::Socket>> dial(std::vector<policy::Grant> grants, std::string host,
                                          unsigned port, std::chrono::milliseconds limit,
                                          std::chrono::milliseconds dead_after,
                                          net::Closer& closer);

}  // namespace sallyport::ssh
