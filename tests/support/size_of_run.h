#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace sallyport::support {

// A number that bench/soak makes bigger: `short_form` unless the environment has SALLYPORT_SOAK_*.
inline std::uint64_t size_of_run(const std::string& name, std::uint64_t short_form) {
  const char* text = std::getenv(("SALLYPORT_SOAK_" + name).c_str());
  return text == nullptr ? short_form : std::stoull(text);
}

}  // namespace sallyport::support
