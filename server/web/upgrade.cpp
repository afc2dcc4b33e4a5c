#include "web/upgrade.h"

#include <algorithm>

#include "protocol/frames.h"
#include "web/field_list.h"

namespace sallyport::web {
namespace {

// 16 bytes in base64 (RFC 6455, section 4.1): 22 letters and "==".
bool is_key(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  return std::ranges::all_of(key.substr(0, 22), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
}

}  // namespace

std::optional<Refusal> refuse_upgrade(const UpgradeFields& fields, const OriginRule& origins) {
  if (!fields.http_1_1 || !list_has(fields.connection, "upgrade") ||
      !list_has(fields.upgrade, "websocket")) {
    return Refusal{
        426, "no-upgrade",
        "This address speaks WebSocket only; a browser opens it from Sallyport's own page."};
  }
  // Before anything else about the socket: a foreign page learns nothing but that it is foreign.
  if (!origins.allows(fields.origin, fields.host, fields.scheme)) {
    return Refusal{403, "foreign-origin",
                   "Only Sallyport's own page may open a terminal. If the page is reached by a "
                   "name, its administrator "
                   "must list that origin in the setting `origins`."};
  }
  if (fields.version != "13") {
    return Refusal{426, "websocket-version",
                   "This address speaks version 13 of WebSocket (RFC 6455) only."};
  }
  if (!is_key(fields.key)) {
    return Refusal{400, "websocket-key",
                   "Sec-WebSocket-Key must be 16 bytes in base64 (RFC 6455, section 4.1)."};
  }
  const auto offered = list_members(fields.protocols);  // exact: subprotocol names mind their case
  if (std::ranges::find(offered, protocol::kSubprotocol) == offered.end()) {
    return Refusal{400, "no-subprotocol",
                   "A terminal socket must offer the WebSocket subprotocol sallyport.v1."};
  }
  return std::nullopt;
}

}  // namespace sallyport::web
