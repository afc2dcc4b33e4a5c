#include "terminal/charset.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/json_text.h"

namespace sallyport::terminal {
namespace {

#define FFFD "\xEF\xBF\xBD"

Charset charset(std::string_view name) {
  auto found = Charset::named(name);
  EXPECT_TRUE(found.has_value()) << found.error();
  return std::move(*found);
}

std::string decoded(std::string_view encoding, const std::vector<std::string_view>& pieces) {
  Charset with = charset(encoding);
  std::string out;
  for (const std::string_view piece : pieces) with.decode(piece, out);
  with.finish(out);
  return out;
}

std::string encoded(std::string_view encoding, std::string_view utf8) {
  std::string out;
  charset(encoding).encode(utf8, out);
  return out;
}

struct Sample {
  const char* encoding;
  std::string_view bytes;
  std::string_view text;
};
const Sample kSamples[] = {
    {"utf-8", "ls é 中文 😀 \x1b[0m\r\n", "ls é 中文 😀 \x1b[0m\r\n"},
    {"utf-8",
     "a\x80"
     "b",
     "a" FFFD "b"},
    // Unicode, chapter 3.9, table 3-8: one U+FFFD for each maximal subpart.
    {"utf-8",
     "a\xF1\x80\x80\xE1\x80\xC2"
     "b\x80"
     "c\x80\xBF"
     "d",
     "a" FFFD FFFD FFFD "b" FFFD "c" FFFD FFFD "d"},
    {"utf-8",
     "\xC0\xAF\xE0\x80\xBF\xF0\x81\x82"
     "A",
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A"},
    {"utf-8",
     "\xED\xA0\x80\xED\xBF\xBF\xED\xAF"
     "A",
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A"},
    {"utf-8",
     "\xF4\x91\x92\x93\xFF"
     "A\x80\xBF"
     "B",
     FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B"},
    {"utf-8",
     "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
     "A",
     FFFD FFFD FFFD FFFD "A"},
    {"utf-8", "cut \xE4\xB8", "cut " FFFD},
    {"gbk", "ls \xD6\xD0\xCE\xC4 ok", "ls 中文 ok"},
    {"GBK", "\xD6\xD0\xFF\xD6\xD0", "中" FFFD "中"},
    {"gbk", "cut \xD6", "cut " FFFD},
    {"gb18030", "\xD6\xD0\x94\x39\xFC\x36\x81\x30\x81\x30 ok", "中😀\xC2\x80 ok"},
    {"gb2312", "\xD6\xD0\xCE\xC4", "中文"},
    {"big5", "\xA4\xA4\xA4\xE5 ok", "中文 ok"},
    {"shift_jis", "\x93\xFA\x96\x7B\x8C\xEA \xB1\xB2 \\~", "日本語 ｱｲ \\~"},
    {"euc-jp", "\xC6\xFC\xCB\xDC\xB8\xEC \x8E\xB1", "日本語 ｱ"},
    {"euc-kr", "\xC7\xD1\xB1\xDB", "한글"},
    {"iso-8859-1", "caf\xE9 \xA4", "café ¤"},
    {"iso-8859-15", "caf\xE9 \xA4", "café €"},
    {"windows-1252", "\x80 \x93quoted\x94 \x81", "€ “quoted” " FFFD},
    {"koi8-r", "\xF0\xD2\xC9\xD7\xC5\xD4", "Привет"},
    {"windows-1251", "\xCF\xF0\xE8\xE2\xE5\xF2", "Привет"},
    {"cp437", "\xC9\xCD\xBB", "╔═╗"},
};

TEST(Charset, decodes_each_sample) {
  for (const Sample& sample : kSamples) {
    EXPECT_EQ(decoded(sample.encoding, {sample.bytes}), sample.text) << sample.encoding;
  }
}

TEST(Charset, decodes_each_sample_split_at_every_two_places_to_the_same_text) {
  for (const Sample& sample : kSamples) {
    for (std::size_t one = 0; one <= sample.bytes.size(); ++one) {
      for (std::size_t two = one; two <= sample.bytes.size(); ++two) {
        ASSERT_EQ(decoded(sample.encoding,
                          {sample.bytes.substr(0, one), sample.bytes.substr(one, two - one),
                           sample.bytes.substr(two)}),
                  sample.text)
            << sample.encoding << " split at " << one << " and " << two;
      }
    }
  }
}

TEST(Charset, decodes_byte_by_byte_without_ever_giving_half_a_character) {
  for (const Sample& sample : kSamples) {
    Charset with = charset(sample.encoding);
    std::string all;
    for (const char& byte : sample.bytes) {
      with.decode({&byte, 1}, all);
      ASSERT_TRUE(base::is_valid_utf8(all)) << sample.encoding;
    }
    with.finish(all);
    EXPECT_EQ(all, sample.text) << sample.encoding;
  }
}

TEST(Charset, gives_valid_utf8_for_random_bytes_however_they_are_split) {
  std::mt19937 random(11);
  for (const char* encoding :
       {"utf-8",      "gbk",         "gb18030",      "gb2312",       "big5",         "shift_jis",
        "euc-jp",     "euc-kr",      "iso-8859-1",   "iso-8859-2",   "iso-8859-5",   "iso-8859-7",
        "iso-8859-9", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252", "koi8-r",
        "koi8-u",     "cp437",       "cp850",        "cp866",        "tis-620"}) {
    for (int round = 0; round < 50; ++round) {
      std::string bytes(random() % 9'000, '\0');
      for (char& c : bytes) c = static_cast<char>(random());
      const std::size_t cut = bytes.empty() ? 0 : random() % bytes.size();
      const std::string whole = decoded(encoding, {bytes});
      ASSERT_TRUE(base::is_valid_utf8(whole)) << encoding;
      ASSERT_EQ(decoded(encoding, {std::string_view(bytes).substr(0, cut),
                                   std::string_view(bytes).substr(cut)}),
                whole)
          << encoding << " cut at " << cut;
    }
  }
}

TEST(Charset, holds_back_no_more_than_one_character) {
  Charset with = charset("utf-8");
  std::string out;
  with.decode("abc\xF0\x9F\x98", out);
  EXPECT_EQ(out, "abc");
  with.decode("\x80z", out);
  EXPECT_EQ(out, "abc😀z");
  with.finish(out);
  EXPECT_EQ(out, "abc😀z");
}

TEST(Charset, encodes_input_back_and_puts_a_question_mark_for_what_is_missing) {
  EXPECT_EQ(encoded("utf-8", "é中😀"), "é中😀");
  EXPECT_EQ(encoded("gbk", "ls 中文\r"), "ls \xD6\xD0\xCE\xC4\r");
  EXPECT_EQ(encoded("iso-8859-1", "é中😀€\x03"), "\xE9???\x03");
  EXPECT_EQ(encoded("shift_jis", "日本語\\~"), "\x93\xFA\x96\x7B\x8C\xEA\\~");
  EXPECT_EQ(encoded("gb18030", "😀"), "\x94\x39\xFC\x36");
  EXPECT_EQ(encoded("iso-8859-15", std::string(10'000, 'x') + "€"),
            std::string(10'000, 'x') + "\xA4");
}

TEST(Charset, says_which_encodings_it_knows) {
  for (const char* name :
       {"", "utf-7", "iso-2022-jp", "utf-16", "gbk//TRANSLIT", "../../x", "gbk "}) {
    const auto unknown = Charset::named(name);
    ASSERT_FALSE(unknown.has_value()) << name;
    EXPECT_NE(unknown.error().find("Known are: utf-8, gbk, "), std::string::npos);
  }
  EXPECT_TRUE(charset("UTF-8").is_utf8());
  EXPECT_FALSE(charset("Shift_JIS").is_utf8());
}

TEST(Printable, keeps_text_and_replaces_what_a_terminal_would_obey) {
  EXPECT_EQ(printable("Authorised use only.\r\n\tYes, é中😀\n", 1000),
            "Authorised use only.\n\tYes, é中😀\n");
  EXPECT_EQ(printable("a\x1b[2J\x07\rb\x7f\xC2\x9B"
                      "0m",
                      1000),
            "a" FFFD "[2J" FFFD FFFD "b" FFFD FFFD "0m");
  EXPECT_EQ(printable(std::string_view("\0", 1), 10), FFFD);
  EXPECT_EQ(printable("\xFFz\xE4\xB8", 1000), FFFD "z" FFFD);
}

TEST(Printable, keeps_whole_characters_up_to_its_limit) {
  EXPECT_EQ(printable("abcdef", 3), "abc");
  EXPECT_EQ(printable("中文", 5), "中");
  EXPECT_EQ(printable("中文", 0), "");
  EXPECT_EQ(printable("\x01\x01", 4), FFFD);
}

}  // namespace
}  // namespace sallyport::terminal
