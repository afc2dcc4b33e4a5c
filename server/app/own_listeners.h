#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <vector>

#include "policy/grant.h"

namespace sallyport::app {

// Where the gateway itself is reached, which is never a target: `listeners`, and every address of
// the machine for those that are wildcards.
std::vector<policy::Endpoint> own_listeners(
    const std::vector<boost::asio::ip::tcp::endpoint>& listeners);

}  // namespace sallyport::app
