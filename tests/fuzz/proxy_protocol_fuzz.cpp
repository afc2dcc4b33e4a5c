#include <cstdint>

#include "fuzz_target.h"
#include "net/proxy_protocol.h"

using namespace sallyport::net;

// Any bytes are a header, the beginning of one, or none; what a beginning was called does not
// change when more comes, and no header is longer than the limit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using State = ProxyParse::State;
  const std::string_view bytes = as_text(data, size);
  const auto whole = parse_proxy_header(bytes);
  if (whole.state == State::kIncomplete) FUZZ_EXPECT(size < kProxyHeaderLimit);
  if (whole.state != State::kDone) return 0;
  FUZZ_EXPECT(whole.bytes <= size && whole.bytes <= kProxyHeaderLimit);
  const auto exact = parse_proxy_header(bytes.substr(0, whole.bytes));
  FUZZ_EXPECT(exact.state == State::kDone && exact.bytes == whole.bytes);
  FUZZ_EXPECT(exact.header.client == whole.header.client);
  FUZZ_EXPECT(parse_proxy_header(bytes.substr(0, whole.bytes - 1)).state == State::kIncomplete);
  return 0;
}
