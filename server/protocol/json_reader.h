#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::protocol {

// One value inside a frame's text, not copied: a string without its quotes and still escaped, a
// number, an object or array with its brackets. It has been checked to be well-formed.
struct JsonValue {
  enum class Kind : std::uint8_t {
    kMissing,
    kString,
    kNumber,
    kTrue,
    kFalse,
    kNull,
    kObject,
    kArray
  };
  Kind kind = Kind::kMissing;
  std::string_view text;
};

// Reads JSON (RFC 8259) in place. It builds nothing, so hostile text costs no memory, and no piece
// of a password is left in a buffer that nobody wipes, which is what a general JSON library's
// tokenizer would do. The text must be valid UTF-8 and nests at most kMaxDepth deep.
class JsonReader {
 public:
  static constexpr unsigned kMaxDepth = 4;

  explicit JsonReader(std::string_view text) : rest_(text) {}

  // The whole text as one value; nothing if it is not well-formed.
  static std::optional<JsonValue> parse(std::string_view text);

  // Members and elements of an object or array that parse() has found well-formed. False at the
  // end.
  //   JsonReader reader = JsonReader::inside(object);  while (reader.member(key, value)) ...
  static JsonReader inside(const JsonValue& container);
  bool member(std::string_view& escaped_key, JsonValue& value);
  bool element(JsonValue& value);

 private:
  bool value(JsonValue& out, unsigned depth);
  bool string(std::string_view& escaped);
  bool number(std::string_view& text);
  bool word(std::string_view expected);
  bool container(char close, unsigned depth);
  void skip_space();
  bool take(char c);

  std::string_view rest_;
};

// Appends what an escaped string stands for (\u escapes as UTF-8), at most escaped.size() bytes.
// False: a lone surrogate.
bool append_unescaped(std::string& out, std::string_view escaped);

}  // namespace sallyport::protocol
