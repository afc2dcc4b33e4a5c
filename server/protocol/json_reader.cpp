#include "protocol/json_reader.h"

#include <algorithm>
#include <cstddef>

#include "base/json_text.h"

namespace sallyport::protocol {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The value of four hexadecimal digits, or none.
std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t code = 0;
  for (const char c : text.substr(0, 4)) {
    code <<= 4;
    if (is_digit(c)) {
      code |= static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      code |= static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      code |= static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
  }
  return code;
}

bool is_high_surrogate(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
bool is_low_surrogate(std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

// One escape at the front of `text`, which begins with a backslash: its length and what it stands
// for. Length 0: not one.
struct Escaped {
  std::size_t length = 0;
  std::uint32_t code = 0;
};
Escaped read_escape(std::string_view text) {
  if (text.size() < 2) return {};
  switch (text[1]) {
    case '"':
    case '\\':
    case '/':
      return {2, static_cast<std::uint32_t>(text[1])};
    case 'b':
      return {2, '\b'};
    case 'f':
      return {2, '\f'};
    case 'n':
      return {2, '\n'};
    case 'r':
      return {2, '\r'};
    case 't':
      return {2, '\t'};
    case 'u':
      break;
    default:
      return {};
  }
  const auto first = hex4(text.substr(2));
  if (!first || is_low_surrogate(*first)) return {};
  if (!is_high_surrogate(*first)) return {6, *first};
  if (text.size() < 12 || text[6] != '\\' || text[7] != 'u') return {};
  const auto second = hex4(text.substr(8));
  if (!second || !is_low_surrogate(*second)) return {};
  return {12, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00)};
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

}  // namespace

std::optional<JsonValue> JsonReader::parse(std::string_view text) {
  JsonReader reader(text);
  JsonValue value;
  if (!base::is_valid_utf8(text) || !reader.value(value, 0)) return std::nullopt;
  reader.skip_space();
  if (!reader.rest_.empty()) return std::nullopt;
  return value;
}

JsonReader JsonReader::inside(const JsonValue& container) {
  JsonReader reader(container.text);
  if (!reader.rest_.empty()) reader.rest_.remove_prefix(1);  // its bracket
  return reader;
}

bool JsonReader::member(std::string_view& escaped_key, JsonValue& value) {
  skip_space();
  if (take(',')) skip_space();
  if (!string(escaped_key)) return false;
  skip_space();
  return take(':') && this->value(value, 0);
}

bool JsonReader::element(JsonValue& value) {
  skip_space();
  take(',');
  return this->value(value, 0);
}

bool JsonReader::value(JsonValue& out, unsigned depth) {
  using Kind = JsonValue::Kind;
  skip_space();
  if (rest_.empty()) return false;
  const std::string_view from = rest_;
  bool good = false;
  switch (from[0]) {
    case '"':
      out.kind = Kind::kString;
      return string(out.text);
    case '{':
    case '[':
      out.kind = from[0] == '{' ? Kind::kObject : Kind::kArray;
      good = depth < kMaxDepth && container(from[0] == '{' ? '}' : ']', depth + 1);
      break;
    case 't':
      out.kind = Kind::kTrue;
      good = word("true");
      break;
    case 'f':
      out.kind = Kind::kFalse;
      good = word("false");
      break;
    case 'n':
      out.kind = Kind::kNull;
      good = word("null");
      break;
    default:
      out.kind = Kind::kNumber;
      return number(out.text);
  }
  out.text = from.substr(0, from.size() - rest_.size());
  return good;
}

// An object or array whose bracket is next; recursion is bounded by kMaxDepth.
bool JsonReader::container(char close, unsigned depth) {
  rest_.remove_prefix(1);
  skip_space();
  if (take(close)) return true;
  while (true) {
    std::string_view key;
    JsonValue ignored;
    if (close == '}') {
      skip_space();
      if (!string(key)) return false;
      skip_space();
      if (!take(':')) return false;
    }
    if (!value(ignored, depth)) return false;
    skip_space();
    if (take(close)) return true;
    if (!take(',')) return false;
  }
}

bool JsonReader::string(std::string_view& escaped) {
  if (!take('"')) return false;
  const std::string_view from = rest_;
  while (true) {
    rest_.remove_prefix(base::plain_json_prefix(rest_));
    if (rest_.empty()) return false;
    if (rest_[0] == '"') break;
    if (rest_[0] != '\\') return false;  // a bare control character
    const Escaped escape = read_escape(rest_);
    if (escape.length == 0) return false;
    rest_.remove_prefix(escape.length);
  }
  escaped = from.substr(0, from.size() - rest_.size());
  rest_.remove_prefix(1);
  return true;
}

bool JsonReader::number(std::string_view& text) {
  const std::string_view from = rest_;
  const auto digits = [this] {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    rest_.remove_prefix(count);
    return count > 0;
  };
  take('-');
  if (!take('0') && !digits()) return false;
  if (take('.') && !digits()) return false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (!digits()) return false;
  }
  text = from.substr(0, from.size() - rest_.size());
  return true;
}

bool JsonReader::word(std::string_view expected) {
  if (!rest_.starts_with(expected)) return false;
  rest_.remove_prefix(expected.size());
  return true;
}

void JsonReader::skip_space() {
  const std::size_t count = std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size());
  rest_.remove_prefix(count);
}

bool JsonReader::take(char c) {
  if (rest_.empty() || rest_[0] != c) return false;
  rest_.remove_prefix(1);
  return true;
}

bool append_unescaped(std::string& out, std::string_view escaped) {
  while (!escaped.empty()) {
    const std::size_t plain = base::plain_json_prefix(escaped);
    out += escaped.substr(0, plain);
    escaped.remove_prefix(plain);
    if (escaped.empty()) return true;
    const Escaped escape = read_escape(escaped);
    if (escape.length == 0) return false;
    append_utf8(out, escape.code);
    escaped.remove_prefix(escape.length);
  }
  return true;
}

}  // namespace sallyport::protocol
