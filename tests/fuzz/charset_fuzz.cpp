#include "terminal/charset.h"

#include <cstdint>

#include "base/json_text.h"
#include "fuzz_target.h"

using namespace sallyport;

// Any bytes become valid UTF-8, the same whether they come at once or in two pieces. The first byte
// picks the encoding, the second where the pieces part.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  constexpr const char* kNames[] = {"utf-8", "gb18030", "shift_jis", "euc-jp", "big5", "koi8-r"};
  const std::string_view bytes = as_text(data + 2, size - 2);
  const std::size_t cut = bytes.empty() ? 0 : data[1] % bytes.size();
  std::string texts[2];
  for (int pieces = 0; pieces < 2; ++pieces) {
    auto charset = terminal::Charset::named(kNames[data[0] % std::size(kNames)]).value();
    if (pieces == 1) charset.decode(bytes.substr(0, cut), texts[1]);
    charset.decode(bytes.substr(pieces == 1 ? cut : 0), texts[pieces]);
    charset.finish(texts[pieces]);
  }
  FUZZ_EXPECT(texts[0] == texts[1] && base::is_valid_utf8(texts[0]));
  return 0;
}
