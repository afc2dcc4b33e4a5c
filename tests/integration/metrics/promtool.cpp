#include "promtool.h"

#include <stdexcept>

#include "support/throwaway_keys.h"

namespace sallyport::support {

std::string promtool_complaints(const std::string& text) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "metrics.txt";
  write_file(file, text);
  try {
    return run_program(
        {"/bin/sh", "-c", "exec \"$0\" check metrics <\"$1\" 2>&1", SALLYPORT_PROMTOOL, file});
  } catch (const std::runtime_error& refused) {
    const std::string words = refused.what();
    return words.empty() ? "refused without a word" : words;
  }
}

}  // namespace sallyport::support
