#include <algorithm>
#include <cstdint>

#include "fuzz_target.h"
#include "support/memory_session.h"

using namespace sallyport::support;

// A server whose bytes are right up to some point, which the first two of the input name, and the
// rest of the input from there on: libssh2 and the pump end of themselves, and print nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  RudeSshServer server;
  MemoryStream stream(server);
  stream.spoilt_at = (data[0] * 256U + data[1]) % 1024U;
  stream.spoilt = as_text(data + 2, size - 2);
  const std::string printed = live(stream);
  FUZZ_EXPECT(printed.empty() || printed == "keys for the host");
  return 0;
}
