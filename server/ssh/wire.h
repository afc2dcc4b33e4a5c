#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// How SSH writes numbers and strings (RFC 4251, section 5). Each reader takes what it read off the
// front of `rest`; nothing: `rest` is too short, and is of no more use.
namespace sallyport::ssh {

inline std::optional<std::uint32_t> take_u32(std::string_view& rest) {
  if (rest.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char byte : rest.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(byte);
  rest.remove_prefix(4);
  return value;
}

inline std::optional<std::string_view> take_string(std::string_view& rest) {
  const auto length = take_u32(rest);
  if (!length || *length > rest.size()) return std::nullopt;
  const std::string_view value = rest.substr(0, *length);
  rest.remove_prefix(*length);
  return value;
}

// The type of a public key or certificate: the first string of its wire form (RFC 4253, section
// 6.6). Empty when there is none.
inline std::string_view key_type(std::string_view blob) {
  return take_string(blob).value_or(std::string_view());
}

}  // namespace sallyport::ssh
