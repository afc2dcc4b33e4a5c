#include "protocol/fields.h"

#include <charconv>

namespace sallyport::protocol {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Field::kCount)> kNames{
    "type",        "preset",   "host",     "port",    "username", "auth",     "cols", "rows",
    "term",        "encoding", "env",      "session", "token",    "received", "seq",  "data",
    "end",         "prompt",   "accept",   "values",  "method",   "password", "key",  "passphrase",
    "certificate", "watch",    "sessions", "id",      "client",   "take",
};
constexpr std::size_t kLongestName = 16;  // bytes; unknown names may be longer

std::string_view name_of(Field field) { return kNames[static_cast<std::size_t>(field)]; }

}  // namespace

Fields::Fields(const JsonValue& object, std::string_view frame_type) : frame_type_(frame_type) {
  JsonReader reader = JsonReader::inside(object);
  std::string_view key;
  JsonValue value;
  std::string unescaped;
  while (reader.member(key, value)) {
    if (key.find('\\') != std::string_view::npos) {
      // Six bytes stand for one at most: a longer name is none of ours.
      if (key.size() > kLongestName * 6) continue;
      unescaped.clear();
      append_unescaped(unescaped, key);
      key = unescaped;
    }
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (key != kNames[i]) continue;
      if (values_[i].kind != JsonValue::Kind::kMissing) {
        fail(static_cast<Field>(i), "comes twice");
      }
      values_[i] = value;
      break;
    }
  }
}

bool Fields::number(Field field, std::uint64_t least, std::uint64_t most, std::uint64_t& out) {
  if (!has(field)) return fail(field, "is missing");
  const JsonValue& value = at(field);
  std::uint64_t parsed = 0;
  // from_chars() stops at a sign, a fraction or an exponent: then it has not read all.
  const char* const end = value.text.data() + value.text.size();
  const auto result = std::from_chars(value.text.data(), end, parsed);
  if (value.kind != JsonValue::Kind::kNumber || result.ec != std::errc() || result.ptr != end ||
      parsed < least || parsed > most) {
    return fail(field, "must be a whole number from " + std::to_string(least) + " to " +
                           std::to_string(most));
  }
  out = parsed;
  return true;
}

bool Fields::number(Field field, unsigned least, unsigned most, unsigned& out) {
  std::uint64_t wide = 0;
  if (!number(field, std::uint64_t{least}, std::uint64_t{most}, wide)) return false;
  out = static_cast<unsigned>(wide);
  return true;
}

bool Fields::boolean(Field field, bool& out) {
  if (!has(field)) return fail(field, "is missing");
  const JsonValue::Kind kind = at(field).kind;
  if (kind != JsonValue::Kind::kTrue && kind != JsonValue::Kind::kFalse) {
    return fail(field, "must be true or false");
  }
  out = kind == JsonValue::Kind::kTrue;
  return true;
}

bool Fields::text(Field field, std::size_t limit, std::string& out) {
  if (!has(field)) return fail(field, "is missing");
  const JsonValue& value = at(field);
  if (value.kind != JsonValue::Kind::kString) return fail(field, "must be a string");
  out.clear();
  // An escape is at most six times as long as what it stands for: refuse before unescaping.
  if (value.text.size() / 6 <= limit) append_unescaped(out, value.text);
  if (value.text.size() / 6 > limit || out.size() > limit) {
    return fail(field, "must be at most " + std::to_string(limit) + " bytes");
  }
  return true;
}

bool Fields::secret(Field field, std::size_t limit, base::Secret& out) {
  if (!has(field)) return fail(field, "is missing");
  const JsonValue& value = at(field);
  if (value.kind != JsonValue::Kind::kString) return fail(field, "must be a string");
  if (value.text.size() / 6 <= limit) out = unescaped_secret(value.text);
  if (value.text.size() / 6 > limit || out.reveal().size() > limit) {
    return fail(field, "must be at most " + std::to_string(limit) + " bytes");
  }
  return true;
}

bool Fields::fail(Field field, std::string_view reason) {
  std::string sentence(name_of(field));
  sentence += ' ';
  sentence += reason;
  return fail(sentence);
}

bool Fields::fail(std::string_view reason) {
  if (!error_.empty()) return false;
  error_ = frame_type_;
  if (!error_.empty()) error_ += ": ";
  error_ += reason;
  return false;
}

base::Secret unescaped_secret(std::string_view escaped) {
  std::string bytes;
  bytes.reserve(escaped.size());
  append_unescaped(bytes, escaped);
  return base::Secret::take(bytes);
}

}  // namespace sallyport::protocol
