#include <algorithm>
#include <cstdint>

#include "fuzz_target.h"
#include "policy/rules.h"

using namespace sallyport::policy;

// Any text is a rule or a sentence; an address that is read is written so that it is read the same.
// The first line is the rule, the rest a host.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::string_view host = text.substr(std::min(line.size() + 1, size));
  const auto address = Address::parse(host);
  if (address) FUZZ_EXPECT(Address::parse(address->text()) == address);
  const auto rule = Rule::parse(line);
  if (!rule) {
    FUZZ_EXPECT(rule.error().ends_with('.'));
  } else {
    rule->matches(host, address.value_or(Address{}), 22);
  }
  return 0;
}
