#include "net/peer.h"

#include "base/failure.h"

namespace sallyport::net {

Peer Peer::at(const boost::asio::ip::address& address, unsigned port) {
  const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  return {Kind::kNetwork,
          mapped ? boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6())
                 : address,
          port};
}

std::string Peer::text() const {
  if (kind == Kind::kUnix) return "unix";
  if (kind == Kind::kUnknown) return "gone";
  return port == 0 ? address.to_string() : base::host_port(address.to_string(), port);
}

}  // namespace sallyport::net
