#include <cstdint>

#include "fuzz_target.h"
#include "support/memory_session.h"

using namespace sallyport::support;

// A server that finishes its key exchange and says anything, behind its encryption too, ends its
// own session at most. The input says what becomes of each of its messages in turn.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RudeSshServer server;
  server.spoil = Spoiler(as_text(data, size), server);
  MemoryStream stream(server);
  const std::string printed = live(stream);
  FUZZ_EXPECT(size > 0 || printed == "keys for the host");
  return 0;
}
