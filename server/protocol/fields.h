#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "protocol/json_reader.h"

namespace sallyport::protocol {

// Every name a client's frame gives a field, `auth` and its own fields among them.
enum class Field : std::uint8_t {
  kType,
  kPreset,
  kHost,
  kPort,
  kUsername,
  kAuth,
  kCols,
  kRows,
  kTerm,
  kEncoding,
  kEnv,
  kSession,
  kToken,
  kReceived,
  kSeq,
  kData,
  kEnd,
  kPrompt,
  kAccept,
  kValues,
  kMethod,
  kPassword,
  kKey,
  kPassphrase,
  kCertificate,
  kWatch,
  kSessions,
  kId,
  kClient,
  kTake,
  kCount,
};

// The known fields of one object, as places in the frame's text. Each reader says whether the field
// was good; the first that was not leaves its reason in error(), which names the field and never
// quotes a value.
class Fields {
 public:
  // `object` is a well-formed JSON object. Unknown names are passed over; a known one that comes
  // twice is an error.
  Fields(const JsonValue& object, std::string_view frame_type);

  bool has(Field field) const { return at(field).kind != JsonValue::Kind::kMissing; }
  const JsonValue& at(Field field) const { return values_[static_cast<std::size_t>(field)]; }

  bool number(Field field, std::uint64_t least, std::uint64_t most, std::uint64_t& out);
  bool number(Field field, unsigned least, unsigned most, unsigned& out);
  bool boolean(Field field, bool& out);
  // At most `limit` bytes after unescaping.
  bool text(Field field, std::size_t limit, std::string& out);
  bool secret(Field field, std::size_t limit, base::Secret& out);

  bool fail(Field field, std::string_view reason);
  bool fail(std::string_view reason);
  bool good() const { return error_.empty(); }
  const std::string& error() const { return error_; }
  void set_frame_type(std::string_view type) { frame_type_ = type; }

 private:
  std::array<JsonValue, static_cast<std::size_t>(Field::kCount)> values_;
  std::string_view frame_type_;
  std::string error_;
};

// The secret an escaped string stands for, in a buffer that is never reallocated, so that no copy
// stays behind.
base::Secret unescaped_secret(std::string_view escaped);

// The most an integer may be that JavaScript holds exactly (Number.MAX_SAFE_INTEGER).
inline constexpr std::uint64_t kLargestInteger = (std::uint64_t{1} << 53) - 1;

}  // namespace sallyport::protocol
