#include "terminal/charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstddef>

#include "base/json_text.h"

namespace sallyport::terminal {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Known {
  std::string_view name;   // of the wire
  const char* iconv_name;  // of the C library
};
// Only encodings without shift states: a byte means the same wherever a session begins to be read.
// shift_jis is what hosts mean by it: Microsoft's code page 932.
constexpr std::array kKnown{
    Known{"gbk", "GBK"},
    Known{"gb18030", "GB18030"},
    Known{"gb2312", "EUC-CN"},
    Known{"big5", "BIG5"},
    Known{"shift_jis", "WINDOWS-31J"},
    Known{"euc-jp", "EUC-JP"},
    Known{"euc-kr", "UHC"},
    Known{"iso-8859-1", "ISO-8859-1"},
    Known{"iso-8859-2", "ISO-8859-2"},
    Known{"iso-8859-5", "ISO-8859-5"},
    Known{"iso-8859-7", "ISO-8859-7"},
    Known{"iso-8859-9", "ISO-8859-9"},
    Known{"iso-8859-15", "ISO-8859-15"},
    Known{"windows-1250", "CP1250"},
    Known{"windows-1251", "CP1251"},
    Known{"windows-1252", "CP1252"},
    Known{"koi8-r", "KOI8-R"},
    Known{"koi8-u", "KOI8-U"},
    Known{"cp437", "CP437"},
    Known{"cp850", "CP850"},
    Known{"cp866", "CP866"},
    Known{"tis-620", "TIS-620"},
};

std::string unknown_encoding(std::string_view name) {
  std::string sentence =
      "The encoding \"" + printable(name, 32) + "\" is not known. Known are: utf-8";
  for (const Known& known : kKnown) {
    sentence += ", ";
    sentence += known.name;
  }
  return sentence + ".";
}

// The first character of `bytes` (not empty), as far as it goes. For a bad one `length` is
// Unicode's maximal subpart (chapter 3.9, "U+FFFD Substitution of Maximal Subparts"): what becomes
// one U+FFFD.
struct Sequence {
  enum class Kind { kWhole, kCut, kBad } kind;
  std::size_t length;
};

Sequence first_sequence(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x80) return {Sequence::Kind::kWhole, 1};
  if (first < 0xC2 || first > 0xF4) return {Sequence::Kind::kBad, 1};
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  for (std::size_t i = 1; i < length; ++i) {
    if (i == bytes.size()) return {Sequence::Kind::kCut, i};
    const auto next = static_cast<unsigned char>(bytes[i]);
    if (next < low || next > high) return {Sequence::Kind::kBad, i};
    low = 0x80;
    high = 0xBF;
  }
  return {Sequence::Kind::kWhole, length};
}

// Appends the whole characters of `bytes`; returns the unfinished one at the end, if there is one.
std::string_view decode_utf8(std::string_view bytes, std::string& out) {
  while (true) {
    const std::size_t valid = base::valid_utf8_prefix(bytes);
    out += bytes.substr(0, valid);
    bytes.remove_prefix(valid);
    if (bytes.empty()) return bytes;
    const Sequence bad = first_sequence(bytes);
    if (bad.kind == Sequence::Kind::kCut) return bytes;
    out += kReplacement;
    bytes.remove_prefix(bad.length);
  }
}

// An iconv(3) conversion without shift states.
class Conversion {
 public:
  Conversion(const char* to, const char* from) : handle_(::iconv_open(to, from)) {}
  ~Conversion() {
    if (opened()) ::iconv_close(handle_);
  }
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;

  bool opened() const { return handle_ != kNone; }

  enum class Stop { kEnd, kInvalid, kCut };
  // Converts from the front of `bytes`, which it takes what it has converted from.
  Stop run(std::string_view& bytes, std::string& out) const {
    std::array<char, 4096> buffer;
    while (true) {
      // iconv() takes a pointer to non-const for historical reasons; it does not write there.
      char* from = const_cast<char*>(bytes.data());
      std::size_t from_left = bytes.size();
      char* to = buffer.data();
      std::size_t to_left = buffer.size();
      const std::size_t result = ::iconv(handle_, &from, &from_left, &to, &to_left);
      const int error = errno;
      out.append(buffer.data(), buffer.size() - to_left);
      bytes.remove_prefix(bytes.size() - from_left);
      if (result != static_cast<std::size_t>(-1)) return Stop::kEnd;
      if (error == EINVAL) return Stop::kCut;
      if (error != E2BIG) return Stop::kInvalid;
    }
  }

 private:
  static inline const iconv_t kNone = reinterpret_cast<iconv_t>(-1);
  iconv_t handle_;
};

}  // namespace

struct Charset::State {
  std::string held;  // bytes of an unfinished character
  // None for UTF-8.
  std::unique_ptr<Conversion> decoder;
  std::unique_ptr<Conversion> encoder;
};

Charset::Charset(std::unique_ptr<State> state) : state_(std::move(state)) {}
Charset::Charset(Charset&&) noexcept = default;
Charset& Charset::operator=(Charset&&) noexcept = default;
Charset::~Charset() = default;

std::expected<Charset, std::string> Charset::named(std::string_view name) {
  std::string folded(name);
  for (char& c : folded) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  auto state = std::make_unique<State>();
  if (folded == "utf-8" || folded == "utf8") return Charset(std::move(state));
  const auto* const known =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& k) { return k.name == folded; });
  if (known == kKnown.end()) return std::unexpected(unknown_encoding(name));
  state->decoder = std::make_unique<Conversion>("UTF-8", known->iconv_name);
  state->encoder = std::make_unique<Conversion>(known->iconv_name, "UTF-8");
  if (!state->decoder->opened() || !state->encoder->opened()) {
    return std::unexpected("The gateway's C library lacks the encoding " + folded + ".");
  }
  return Charset(std::move(state));
}

bool Charset::is_utf8() const { return state_->decoder == nullptr; }

void Charset::decode(std::string_view bytes, std::string& out) {
  if (is_utf8()) {
    // Only bytes that continue what is held belong to it; the rest is never copied together.
    while (!state_->held.empty() && !bytes.empty()) {
      state_->held += bytes[0];
      const Sequence sequence = first_sequence(state_->held);
      if (sequence.kind == Sequence::Kind::kBad) {
        out += kReplacement;
        state_->held.clear();
        break;  // the byte that did not fit begins anew
      }
      bytes.remove_prefix(1);
      if (sequence.kind == Sequence::Kind::kCut) continue;
      out += state_->held;
      state_->held.clear();
    }
    state_->held += decode_utf8(bytes, out);
    return;
  }
  std::string joined;
  if (!state_->held.empty()) {
    joined = state_->held;
    joined += bytes;
    bytes = joined;
    state_->held.clear();
  }
  while (!bytes.empty()) {
    const Conversion::Stop stop = state_->decoder->run(bytes, out);
    if (stop == Conversion::Stop::kCut) {
      state_->held = bytes;
      return;
    }
    if (stop == Conversion::Stop::kInvalid && !bytes.empty()) {
      out += kReplacement;
      bytes.remove_prefix(1);
    }
  }
}

void Charset::finish(std::string& out) {
  if (state_->held.empty()) return;
  out += kReplacement;
  state_->held.clear();
}

void Charset::encode(std::string_view utf8, std::string& out) const {
  if (is_utf8()) {
    out += utf8;
    return;
  }
  while (!utf8.empty()) {
    if (state_->encoder->run(utf8, out) == Conversion::Stop::kEnd || utf8.empty()) return;
    out += '?';
    utf8.remove_prefix(first_sequence(utf8).length);
  }
}

std::string printable(std::string_view bytes, std::size_t limit) {
  std::string text;
  std::string_view unfinished = decode_utf8(bytes, text);
  if (!unfinished.empty()) text += kReplacement;

  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = first_sequence(rest).length;
    std::string_view character = rest.substr(0, length);
    rest.remove_prefix(length);
    if (character == "\r" && rest.starts_with('\n')) continue;  // SSH's line break (RFC 4253, 11.3)
    const auto first = static_cast<unsigned char>(character[0]);
    const bool c0 =
        length == 1 && (first < 0x20 || first == 0x7F) && first != '\n' && first != '\t';
    const bool c1 = first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
    if (c0 || c1) character = kReplacement;
    if (out.size() + character.size() > limit) break;
    out += character;
  }
  return out;
}

}  // namespace sallyport::terminal
