#include "app/own_listeners.h"

#include "net/interfaces.h"
#include "ssh/dialer.h"

namespace sallyport::app {

std::vector<policy::Endpoint> own_listeners(
    const std::vector<boost::asio::ip::tcp::endpoint>& listeners) {
  std::vector<policy::Endpoint> own;
  for (const auto& listener : listeners) {
    own.push_back({ssh::to_policy(listener.address()), listener.port()});
    if (!listener.address().is_unspecified()) continue;
    for (const auto& address : net::interface_addresses()) {
      own.push_back({ssh::to_policy(address), listener.port()});
    }
  }
  return own;
}

}  // namespace sallyport::app
