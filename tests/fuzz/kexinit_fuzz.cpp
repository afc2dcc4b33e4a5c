#include "fuzz_target.h"

#include <cstdint>
#include "ssh/algorithms.h"

using namespace sallyport::ssh;

// However a host's first bytes are cut, the same is read; whatever lists it sends, there is a
// sentence or none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  KexinitReader whole, cut;
  whole.feed(text);
  for (std::size_t i = 0; i < size; ++i) cut.feed(text.substr(i, 1));
  FUZZ_EXPECT(whole.identification() == cut.identification());
  FUZZ_EXPECT(whole.kexinit().has_value() == cut.kexinit().has_value());
  for (const auto posture : {algorithms::Posture::kModern, algorithms::Posture::kLegacy}) {
    if (whole.kexinit()) algorithms::mismatch(*whole.kexinit(), posture);
    if (const auto lists = parse_kexinit(text)) algorithms::mismatch(*lists, posture);
  }
  return 0;
}
