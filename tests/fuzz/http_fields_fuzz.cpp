#include "fuzz_target.h"

#include <cstdint>
#include "web/accept_encoding.h"
#include "web/origin.h"
#include "web/router.h"

using namespace sallyport;

// What a request says of its origin, its codings and its target: an origin that is taken is taken
// again in its own spelling, no form is chosen that there is not, and a path is a path.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  if (const auto origin = web::parse_origin(text)) {
    const std::string spelt =
        origin->scheme + "://" + origin->host + ":" + std::to_string(origin->port);
    FUZZ_EXPECT(web::parse_origin(spelt) == origin);
    FUZZ_EXPECT(web::OriginRule({spelt}).allows(text, "", "https"));
  }
  FUZZ_EXPECT(!web::OriginRule({}).allows(text, text, "http"));
  FUZZ_EXPECT(web::choose_coding(text, false, false) == web::Coding::kIdentity);
  FUZZ_EXPECT(web::choose_coding(text, true, false) != web::Coding::kBrotli);
  if (const auto target = web::parse_target(text)) FUZZ_EXPECT(target->path.starts_with('/'));
  return 0;
}
