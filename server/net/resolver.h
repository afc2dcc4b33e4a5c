#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "base/failure.h"
#include "net/task.h"
#include "net/workers.h"

namespace sallyport::net {

// All addresses of `host` (getaddrinfo(3) on a worker; a literal costs no worker), IPv6 and IPv4
// interleaved, the system's first choice first (RFC 8305, section 4). Fails with not_found or,
// after `limit`, resolve_timeout.
Task<base::Result<std::vector<asio::ip::address>>> resolve(Workers& workers, std::string host,
                                                           std::chrono::milliseconds limit);

}  // namespace sallyport::net
