#include "base/json_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace sallyport::base {
namespace {

// What a byte below U+0020, " or \ becomes. Eight bytes, so that one store writes any of them.
struct Escape {
  std::array<char, 7> text{};
  std::uint8_t length = 0;
};
static_assert(sizeof(Escape) == 8);
constexpr std::size_t kLongestEscape = 6;  // "\u001b"

constexpr std::array<Escape, 256> make_escapes() {
  std::array<Escape, 256> table{};
  constexpr std::string_view hex = "0123456789abcdef";
  for (std::size_t c = 0; c < 0x20; ++c) {
    table[c] = {{'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6};
  }
  constexpr std::string_view named = "\"\"\\\\\bb\ff\nn\rr\tt";
  for (std::size_t i = 0; i < named.size(); i += 2) {
    table[static_cast<unsigned char>(named[i])] = {{'\\', named[i + 1]}, 2};
  }
  return table;
}
constexpr std::array<Escape, 256> kEscapes = make_escapes();

// A block is looked at in one go; find_special() gives the index of its first byte that needs an
// escape, or kBlock.
#ifdef __SSE2__
constexpr std::size_t kBlock = 16;

std::size_t find_special(const char* bytes) {
  __m128i block;
  std::memcpy(&block, bytes, sizeof block);
  const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
  const int mask = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control));
  return mask == 0 ? kBlock
                   : static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(mask)));
}
#else
constexpr std::size_t kBlock = 8;

constexpr bool is_special(char c) { return kEscapes[static_cast<unsigned char>(c)].length != 0; }

std::size_t find_special(const char* bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t tops = 0x8080808080808080;
  std::uint64_t block = 0;
  std::memcpy(&block, bytes, sizeof block);
  const std::uint64_t quote = block ^ (ones * '"');
  const std::uint64_t backslash = block ^ (ones * '\\');
  // A borrow can mark a byte too many, never one too few: the loop below decides.
  const std::uint64_t marks =
      ((quote - ones) | (backslash - ones) | (block - ones * 0x20)) & ~block & tops;
  if (marks == 0) return kBlock;
  return static_cast<std::size_t>(std::find_if(bytes, bytes + kBlock, is_special) - bytes);
}
#endif

// Escapes `count` bytes to `to`, which has room for kLongestEscape bytes each and a block more;
// returns the end. Each block is copied before it is known how much of it is plain: the rest is
// written over.
char* escape(char* to, const char* from, std::size_t count) {
  const char* const end = from + count;
  while (static_cast<std::size_t>(end - from) >= kBlock) {
    std::memcpy(to, from, kBlock);
    const std::size_t plain = find_special(from);
    to += plain;
    from += plain;
    if (plain == kBlock) continue;
    // Specials come in company: "\r\n", "\x1b[0m\x1b".
    do {
      const Escape& with = kEscapes[static_cast<unsigned char>(*from)];
      if (with.length == 0) break;
      std::memcpy(to, &with, sizeof with);
      to += with.length;
      ++from;
    } while (from != end);
  }
  for (; from != end; ++from) {
    const Escape& with = kEscapes[static_cast<unsigned char>(*from)];
    if (with.length == 0) {
      *to++ = *from;
    } else {
      std::memcpy(to, &with, sizeof with);
      to += with.length;
    }
  }
  return to;
}

bool is_continuation(unsigned char c) { return (c & 0xC0) == 0x80; }

}  // namespace

void append_json_text(std::string& out, std::string_view utf8) {
  constexpr std::size_t step = 4096;  // bytes: bounds what is reserved for the worst case
  while (!utf8.empty()) {
    const std::size_t count = std::min(step, utf8.size());
    const std::size_t before = out.size();
    const std::size_t room = std::max(out.capacity(), before + count * kLongestEscape + kBlock);
    out.resize_and_overwrite(room, [&](char* data, std::size_t) {
      return static_cast<std::size_t>(escape(data + before, utf8.data(), count) - data);
    });
    utf8.remove_prefix(count);
  }
}

void append_json_string(std::string& out, std::string_view utf8) {
  out += '"';
  append_json_text(out, utf8);
  out += '"';
}

std::size_t plain_json_prefix(std::string_view text) {
  std::size_t at = 0;
  for (; text.size() - at >= kBlock; at += kBlock) {
    const std::size_t plain = find_special(text.data() + at);
    if (plain < kBlock) return at + plain;
  }
  while (at < text.size() && kEscapes[static_cast<unsigned char>(text[at])].length == 0) ++at;
  return at;
}

std::size_t valid_utf8_prefix(std::string_view bytes) {
  const auto* const begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const end = begin + bytes.size();
  const auto* at = begin;
  while (at != end) {
    if (*at < 0x80) {
      std::uint64_t eight = 0;
      while (end - at >= 8) {
        std::memcpy(&eight, at, 8);
        if ((eight & 0x8080808080808080) != 0) break;
        at += 8;
      }
      while (at != end && *at < 0x80) ++at;
      continue;
    }
    // RFC 3629, section 4: only the second byte's range depends on the first.
    const unsigned char first = *at;
    const auto left = end - at;
    if (first < 0xC2) break;
    if (first < 0xE0) {
      if (left < 2 || !is_continuation(at[1])) break;
      at += 2;
    } else if (first < 0xF0) {
      if (left < 3 || !is_continuation(at[1]) || !is_continuation(at[2])) break;
      if (first == 0xE0 && at[1] < 0xA0) break;
      if (first == 0xED && at[1] > 0x9F) break;
      at += 3;
    } else {
      if (first > 0xF4 || left < 4) break;
      if (!is_continuation(at[1]) || !is_continuation(at[2]) || !is_continuation(at[3])) break;
      if (first == 0xF0 && at[1] < 0x90) break;
      if (first == 0xF4 && at[1] > 0x8F) break;
      at += 4;
    }
  }
  return static_cast<std::size_t>(at - begin);
}

bool is_valid_utf8(std::string_view bytes) { return valid_utf8_prefix(bytes) == bytes.size(); }

}  // namespace sallyport::base
