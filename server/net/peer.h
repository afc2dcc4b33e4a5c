#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>

namespace sallyport::net {

// Who is at the other end of a browser's connection, as far as it is known: the socket's own peer,
// or whom a listed proxy names in its place.
struct Peer {
  enum class Kind { kUnknown, kNetwork, kUnix };
  Kind kind = Kind::kUnknown;
  boost::asio::ip::address address = {};  // of kNetwork; IPv4 is never the mapped form
  unsigned port = 0;                      // 0: not known (X-Forwarded-For has none)

  static Peer at(const boost::asio::ip::address& address, unsigned port);
  // For the log: "10.0.0.9:51234", "10.0.0.9", "unix", or "gone".
  std::string text() const;
  bool operator==(const Peer&) const = default;
};

}  // namespace sallyport::net
