#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

// How the sentences of failure.h are put together.
namespace sallyport::base::sentence {

inline std::string join(std::initializer_list<std::string_view> pieces) {
  std::string whole;
  for (const std::string_view piece : pieces) whole += piece;
  return whole;
}

// "a,b" as SSH writes lists (RFC 4251, section 5) to "a, b" as people do.
inline std::string spaced(std::string_view list) {
  std::string out;
  for (const char c : list) {
    if (c == ' ') continue;
    out += c;
    if (c == ',') out += ' ';
  }
  return out;
}

// A reason stands before the sentence's own full stop.
inline std::string_view without_stop(std::string_view reason) {
  while (!reason.empty() && (reason.back() == '.' || reason.back() == '\n')) {
    reason.remove_suffix(1);
  }
  return reason;
}

inline std::string seconds_text(unsigned seconds) { return join({std::to_string(seconds), " s"}); }

}  // namespace sallyport::base::sentence
