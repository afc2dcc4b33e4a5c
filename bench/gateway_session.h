#pragma once

#include <string>
#include <string_view>

#include "terminal.h"

// The frames of sallyport.v1 that are rare, by way of the JSON library.
namespace sallyport::bench {

std::string open_frame(const Target& target);
// During the login. Throws at an error, with its sentence; false: it goes on.
bool is_opened(std::string_view frame);
// The gateway has taken input: what comes by the thousand and needs no look inside.
inline bool is_accepted(std::string_view frame) {
  return frame.starts_with(R"({"type":"accepted")");
}

}  // namespace sallyport::bench
