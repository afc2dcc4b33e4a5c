#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport::base {

// Appends `utf8` as the inside of a JSON string (RFC 8259, section 7), without the quotes: ", \ and
// control characters are escaped, all else is copied in runs. `utf8` must be valid UTF-8: callers
// hold only decoded text.
void append_json_text(std::string& out, std::string_view utf8);
// The same with the quotes.
void append_json_string(std::string& out, std::string_view utf8);

// The length of the longest prefix of `text` that a JSON string holds as it is: up to the first ",
// \ or control character below U+0020.
std::size_t plain_json_prefix(std::string_view text);

// The length of the longest prefix of `bytes` that is valid UTF-8 (RFC 3629: no surrogates, no
// overlong forms).
std::size_t valid_utf8_prefix(std::string_view bytes);
bool is_valid_utf8(std::string_view bytes);

}  // namespace sallyport::base
