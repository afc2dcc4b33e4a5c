#pragma once

#include <chrono>
#include <expected>
#include <string>

namespace sallyport::app {

// Asks a gateway on this machine for /healthz, as `sallyport health` does for a container's health
// check: the image holds no other HTTP client. `address` is an IP literal (of a wildcard listener:
// reachable_address()); `tls`: it speaks HTTPS, whatever its certificate says. Blocks for at most
// `limit`. The error is a sentence.
std::expected<void, std::string> probe_health(const std::string& address, unsigned port, bool tls,
                                              std::chrono::milliseconds limit);

}  // namespace sallyport::app
