#include <netdb.h>

#include <cstdint>
#include <string>

#include "fuzz_target.h"
#include "support/lonely_gateway.h"
#include "support/web_socket_client.h"

using namespace sallyport::support;

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) {
  return EAI_NONAME;  // no name that a fuzzer makes up is looked up
}

// Whatever a browser sends, as HTTP, as a WebSocket's bytes or in one frame, the gateway ends the
// connection when the browser has, and takes the next. The first byte picks which.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto* const gateway = new LonelyGateway;
  if (size < 1) return 0;
  std::string bytes(data[0] % 3 == 0 ? std::string_view() : LonelyGateway::upgrade());
  const std::string_view rest = as_text(data + 1, size - 1);
  bytes += data[0] % 3 == 2 ? WebSocketClient::frame_bytes(1, true, rest) : std::string(rest);
  FUZZ_EXPECT(gateway->ends(bytes));
  return 0;
}
