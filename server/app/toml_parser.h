#pragma once

// The one place that includes the parser: toml++ is header-only and big, so only config_file.cpp
// includes this file.

namespace sallyport::app {
struct ParserBroken {};  // the parser met what its author thought cannot be
}  // namespace sallyport::app

// Some text that is no TOML, such as "[[=", breaks the parser's own assertions (3.3 and 3.4;
// marzer/tomlplusplus pull request 301): it would end the process in a debug build and be undefined
// in a release. So they are checked in both, and throw.
#undef NDEBUG
#define TOML_ASSERT(expression) ((expression) ? void() : throw ::sallyport::app::ParserBroken{})
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <algorithm>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::app {

struct NotToml {
  toml::source_index line = 1;
  std::string reason;  // the parser's words
};

// Nothing when the parser broke.
inline std::optional<std::expected<toml::table, NotToml>> try_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return std::unexpected(NotToml{error.source().begin.line, std::string(error.description())});
  } catch (const ParserBroken&) {
    return std::nullopt;
  }
}

// The line of the first character beyond ASCII that is not in a comment or a text in one pair of
// quotes; none: 0. Nowhere else does a configuration need one, and before a token some of them
// (U+00A1 to U+0499) run the parser's search for blanks into what its author marked as unreachable.
inline toml::source_index stray_letter(std::string_view text) {
  toml::source_index line = 1;
  char quote = 0;  // '"', '\'', '#' for a comment, 0 outside
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      ++line;
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'' || c == '#')) {
      quote = c;
    } else if (quote == '"' && c == '\\') {
      i += i + 1 < text.size() && text[i + 1] != '\n' ? 1 : 0;
    } else if (quote != 0 && quote != '#' && c == quote) {
      quote = 0;
    } else if (quote == 0 && static_cast<unsigned char>(c) >= 0x80) {
      return line;
    }
  }
  return 0;
}

// toml.io, version 1.0. Never throws but for want of memory.
inline std::expected<toml::table, NotToml> parse_toml(std::string_view text) {
  if (const auto line = stray_letter(text); line != 0) {
    return std::unexpected(NotToml{line, "a letter beyond ASCII must stand in quotes"});
  }
  if (auto parsed = try_toml(text)) return std::move(*parsed);
  // It reads from front to back, so it breaks on the first n lines if and only if the place is
  // among them: the least such n is the line.
  const auto first_lines = [&](std::size_t count) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < count && end < text.size(); ++i) {
      end = std::min(text.find('\n', end), text.size() - 1) + 1;
    }
    return text.substr(0, end);
  };
  std::size_t good = 0;
  auto bad = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  while (bad - good > 1) {
    const std::size_t middle = good + (bad - good) / 2;
    (try_toml(first_lines(middle)) ? good : bad) = middle;
  }
  return std::unexpected(NotToml{static_cast<toml::source_index>(bad), "a key is expected here"});
}

}  // namespace sallyport::app
