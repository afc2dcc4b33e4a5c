#include "terminal/output_log.h"

#include <cstdint>

#include "fuzz_target.h"
#include "terminal/charset.h"

using namespace sallyport::terminal;

// A small log cuts where one that kept everything would. The first byte is its size, the second the
// length of a piece.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  OutputLog small(std::size_t{4} + data[0]), large(8 * size + 64);
  Charset utf8 = Charset::named("utf-8").value();
  const std::size_t piece = 1U + data[1];
  const std::string_view bytes = as_text(data + 2, size - 2);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    std::string text;
    utf8.decode(bytes.substr(at, piece), text);
    small.append(text);
    large.append(text);
  }
  FUZZ_EXPECT(small.end() == large.end());
  FUZZ_EXPECT(small.safe_cut(0) == large.safe_cut(small.start()));
  return 0;
}
