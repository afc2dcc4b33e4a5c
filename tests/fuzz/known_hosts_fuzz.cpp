#include "fuzz_target.h"

#include <cstdint>
#include "ssh/known_hosts.h"

using namespace sallyport::ssh;

// Any line is an entry or is skipped; an entry that is written again is read the same; any patterns
// and names are compared.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  const auto entry = parse_known_host(text.substr(0, text.find('\n')));
  if (!entry) return 0;
  names_host(entry->patterns, "db-3.corp");
  names_host(entry->patterns, "[db-3.corp]:2222");
  const auto again = parse_known_host(known_host_line("db-3.corp", entry->type, entry->blob));
  FUZZ_EXPECT(again && again->type == entry->type && again->blob == entry->blob);
  return 0;
}
