#include "fuzz_target.h"

#include <cstdint>
#include "ssh/private_key.h"

using namespace sallyport::ssh;

// Any text is a key or has a reason why not; tidying it twice is tidying it once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const PrivateKeyText text = inspect_private_key(as_text(data, size));
  FUZZ_EXPECT((text.problem == PrivateKeyText::Problem::kNone) == text.reason().empty());
  const auto tidy = tidy_private_key(as_text(data, size));
  FUZZ_EXPECT(tidy_private_key(tidy.reveal()).equals(tidy.reveal()));
  return 0;
}
