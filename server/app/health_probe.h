#pragma once

#include <chrono>
#include <expected>
#include <string>

namespace sallyport::app {

struct HealthTarget {
  std::string address;  // an IP literal (of a wildcard listener: reachable_address()), or unix:PATH
  unsigned port = 0;
  std::string path = "/healthz";
  bool tls = false;             // it speaks HTTPS, whatever its certificate says
  bool proxy_protocol = false;  // it takes this machine for a proxy that uses the PROXY protocol
};

// Asks a gateway on this machine how it is, as `sallyport health` does for a container's health
// check: the image holds no other HTTP client. Blocks for at most `limit`. The error is a sentence.
std::expected<void, std::string> probe_health(const HealthTarget& target,
                                              std::chrono::milliseconds limit);

}  // namespace sallyport::app
