#pragma once

#include <optional>
#include <string>

#include "web/origin.h"
#include "web/refusal.h"

namespace sallyport::web {

// The fields of a request that decide about an upgrade. Lists are joined with commas when they came
// in several fields.
struct UpgradeFields {
  bool http_1_1 = false;
  std::string host;
  std::string_view scheme = "http";   // or "https": what the browser spoke
  std::optional<std::string> origin;  // nothing when there is none or more than one
  std::string connection;
  std::string upgrade;
  std::string version;    // Sec-WebSocket-Version
  std::string key;        // Sec-WebSocket-Key
  std::string protocols;  // Sec-WebSocket-Protocol
};

// What stands against opening a terminal socket (RFC 6455, section 4.2.1; the Origin rule; our
// subprotocol offered). Nothing when all is well.
std::optional<Refusal> refuse_upgrade(const UpgradeFields& fields, const OriginRule& origins);

}  // namespace sallyport::web
