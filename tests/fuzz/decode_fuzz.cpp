#include "protocol/decode.h"

#include <cstdint>

#include "base/json_text.h"
#include "fuzz_target.h"

using namespace sallyport;

// Any bytes give a message or a reason, and text that was taken is valid UTF-8.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = protocol::decode(as_text(data, size));
  if (!frame) {
    FUZZ_EXPECT(!frame.error().empty() && base::is_valid_utf8(frame.error()));
  } else if (const auto* input = std::get_if<protocol::Input>(&*frame)) {
    FUZZ_EXPECT(input->seq > 0 && base::is_valid_utf8(input->data));
  } else if (const auto* open = std::get_if<protocol::Open>(&*frame)) {
    FUZZ_EXPECT(base::is_valid_utf8(open->host) && open->port >= 1 && open->port <= 65535);
    FUZZ_EXPECT(open->preset.empty() != open->host.empty());
  }
  return 0;
}
