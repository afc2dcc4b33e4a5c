#include <algorithm>
#include <cstdint>

#include "app/config_file.h"
#include "app/setting_table.h"
#include "fuzz_target.h"

using namespace sallyport::app;

// Any text is a configuration or problems, each one line that names one of the text's lines; any
// value is taken or refused with a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ConfigFile config = parse_config(as_text(data, size), "c.toml");
  for (const Problem& problem : config.problems) {
    FUZZ_EXPECT(problem.where.starts_with("c.toml:") && problem.where != "c.toml:0");
    FUZZ_EXPECT(std::ranges::none_of(problem.message, [](char c) { return c >= 0 && c < ' '; }));
  }
  Settings settings;
  for (const ConfigFile::Value& value : config.values) {
    const auto taken = find_setting(value.key)->set(settings, value.values);
    FUZZ_EXPECT(taken || !taken.error().empty());
  }
  return 0;
}
