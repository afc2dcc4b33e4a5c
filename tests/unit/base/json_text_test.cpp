#include "base/json_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>

namespace sallyport::base {
namespace {

std::string escaped(std::string_view utf8) {
  std::string out;
  append_json_text(out, utf8);
  return out;
}

// RFC 8259, section 7, one byte at a time.
std::string escaped_slowly(std::string_view utf8) {
  std::string out;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    const std::string_view named = "\"\\\b\f\n\r\t";
    if (const auto at = named.find(c); at != std::string_view::npos) {
      out += '\\';
      out += "\"\\bfnrt"[at];
    } else if (byte < 0x20) {
      out += "\\u00";
      out += "0123456789abcdef"[byte >> 4];
      out += "0123456789abcdef"[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

TEST(JsonText, escapes_what_must_be_escaped_and_nothing_else) {
  EXPECT_EQ(escaped("a\"b\\c/\b\f\n\r\t\x1b\x1f\x7f"),
            "a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u001b\\u001f\x7f");
  EXPECT_EQ(escaped(std::string("\0", 1)), "\\u0000");
  EXPECT_EQ(escaped("é中😀\u2028"), "é中😀\u2028");
  std::string out = "before";
  append_json_string(out, "x\ty");
  EXPECT_EQ(out, "before\"x\\ty\"");
}

TEST(JsonText, is_right_for_every_byte_at_every_place_of_a_block) {
  for (int byte = 0; byte < 0x80; ++byte) {
    for (std::size_t length = 1; length <= 40; ++length) {
      for (std::size_t at = 0; at < length; ++at) {
        std::string text(length, 'x');
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(escaped(text), escaped_slowly(text)) << byte << " at " << at << " of " << length;
      }
    }
  }
}

TEST(JsonText, is_right_for_any_mixture_over_many_steps) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 20'000, '\0');
    const auto range = round % 3 == 0 ? 0x20U : 0x7FU;
    for (char& c : text) c = static_cast<char>(random() % (random() % 8 == 0 ? range : 0x7F));
    ASSERT_EQ(escaped(text), escaped_slowly(text));
  }
}

TEST(JsonText, is_read_back_by_a_json_library) {
  std::string text;
  for (int code = 0; code < 0x80; ++code) text += static_cast<char>(code);
  text += "é中😀";
  std::string json;
  append_json_string(json, text);
  EXPECT_EQ(nlohmann::json::parse(json).get<std::string>(), text);
}

TEST(JsonText, finds_the_plain_beginning_of_a_string) {
  EXPECT_EQ(plain_json_prefix(""), 0U);
  for (std::size_t length = 0; length < 50; ++length) {
    const std::string plain(length, '\xC3');
    EXPECT_EQ(plain_json_prefix(plain), length);
    for (const char special : {'"', '\\', '\n', '\0', '\x1f'}) {
      EXPECT_EQ(plain_json_prefix(plain + special + "more of it, more of it"), length);
    }
  }
}

TEST(Utf8, ends_the_valid_prefix_before_what_rfc_3629_forbids) {
  struct Row {
    std::string_view what;
    std::string_view bytes;
    std::size_t valid;
  };
  for (const Row& row : {
           Row{"nothing", "", 0},
           Row{"one to four bytes", "aé中😀z", 11},
           Row{"a lone continuation", "a\x80", 1},
           Row{"an overlong slash", "\xC0\xAF", 0},
           Row{"an overlong slash of three", "\xE0\x80\xAF", 0},
           Row{"an overlong slash of four", "\xF0\x80\x80\xAF", 0},
           Row{"a surrogate", "\xED\xA0\x80", 0},
           Row{"the last before the surrogates", "\xED\x9F\xBF", 3},
           Row{"U+10FFFF", "\xF4\x8F\xBF\xBF", 4},
           Row{"beyond U+10FFFF", "\xF4\x90\x80\x80", 0},
           Row{"FE and FF", "\xFE\xFF", 0},
           Row{"cut after one of two", "abcdefgh\xC3", 8},
           Row{"cut after two of three", "abcdefghi\xE4\xB8", 9},
           Row{"cut after three of four", "\xF0\x9F\x98", 0},
           Row{"a letter in place of a continuation", "\xE4\xB8z", 0},
       }) {
    EXPECT_EQ(valid_utf8_prefix(row.bytes), row.valid) << row.what;
    EXPECT_EQ(is_valid_utf8(row.bytes), row.valid == row.bytes.size()) << row.what;
  }
}

TEST(Utf8, takes_every_code_point_and_no_surrogate) {
  for (std::uint32_t code = 0; code < 0x110000; ++code) {
    std::string bytes;
    if (code < 0x80) {
      bytes = {static_cast<char>(code)};
    } else if (code < 0x800) {
      bytes = {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
    } else if (code < 0x10000) {
      bytes = {static_cast<char>(0xE0 | (code >> 12)),
               static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
               static_cast<char>(0x80 | (code & 0x3F))};
    } else {
      bytes = {
          static_cast<char>(0xF0 | (code >> 18)), static_cast<char>(0x80 | ((code >> 12) & 0x3F)),
          static_cast<char>(0x80 | ((code >> 6) & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    }
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    ASSERT_EQ(is_valid_utf8(bytes), !surrogate) << code;
  }
}

}  // namespace
}  // namespace sallyport::base
