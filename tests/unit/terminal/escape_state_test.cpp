#include "terminal/escape_state.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace sallyport::terminal {
namespace {

// Where `text` may be cut: 'y' before each byte, and at the end, where a parser is in its ground
// state.
std::string cuts(std::string_view text) {
  EscapeState state;
  std::string out;
  for (const char& byte : text) {
    out += state.ground() ? 'y' : '.';
    state.advance({&byte, 1});
  }
  return out + (state.ground() ? 'y' : '.');
}

TEST(EscapeState, is_in_no_sequence_in_plain_text) {
  EXPECT_EQ(cuts("ab\r\n\t"), "yyyyyy");
  EXPECT_EQ(cuts(""), "y");
}

TEST(EscapeState, follows_control_sequences_to_their_final_byte) {
  EXPECT_EQ(cuts("\x1b[0mx"), "y...yy");
  EXPECT_EQ(cuts("\x1b[?1;2$px"), "y.......yy");
  EXPECT_EQ(cuts("\x1b[\r1mx"), "y....yy");  // a control inside is obeyed and the sequence goes on
  EXPECT_EQ(cuts("\x1b[1\x7fmx"), "y....yy");  // DEL is passed over
  EXPECT_EQ(cuts("\x1b[1\x1b[2mx"), "y......yy");
}

TEST(EscapeState, follows_escapes_of_two_and_three_bytes) {
  EXPECT_EQ(cuts("\x1b"
                 "7x"),
            "y.yy");
  EXPECT_EQ(cuts("\x1b(Bx"), "y..yy");
  EXPECT_EQ(cuts("\x1b#8x"), "y..yy");
}

TEST(EscapeState, follows_operating_system_commands_to_bel_or_st) {
  EXPECT_EQ(cuts("\x1b]0;t\x07x"), "y.....yy");
  EXPECT_EQ(cuts("\x1b]0;t\x1b\\x"), "y......yy");
  EXPECT_EQ(cuts("\x1b]0;\xE4\xB8\xADm\x07x"), "y........yy");
}

TEST(EscapeState, follows_other_strings_to_st_and_not_to_bel) {
  for (const char* introducer : {"\x1bP", "\x1bX", "\x1b^", "\x1b_"}) {
    EXPECT_EQ(cuts(std::string(introducer) + "q\x07m\x1b\\x"), "y......yy") << introducer[1];
  }
}

TEST(EscapeState, is_let_out_of_anything_by_can_and_sub) {
  for (const char* begin : {"\x1b", "\x1b[1", "\x1b]0;", "\x1bP1"}) {
    for (const char* abort : {"\x18", "\x1a"}) {
      EXPECT_TRUE(cuts(std::string(begin) + abort).ends_with(".y"));
    }
  }
}

TEST(EscapeState, knows_the_one_character_forms) {
  EXPECT_EQ(cuts("\xC2\x9B"
                 "0mx"),
            "y...yy");
  EXPECT_EQ(cuts("\xC2\x9D"
                 "0;t\xC2\x9Cx"),
            "y......yy");
  EXPECT_EQ(cuts("\xC2\x90q\x1b\\x"), "y....yy");
  EXPECT_EQ(cuts("\xC2\x85x"), "y.yy");
}

TEST(EscapeState, does_not_take_letters_for_controls) {
  EXPECT_EQ(cuts("\xC2\xA9x"), "y.yy");
  EXPECT_EQ(cuts("\x1b]\xC2\xA9\x07x"), "y....yy");
  EXPECT_EQ(cuts("\x1b[1\xC2\xA9x").back(), 'y');
  EXPECT_EQ(cuts("\x1b[1\xE4\xB8\xADx").back(), 'y');
}

TEST(EscapeState, comes_to_the_same_in_pieces_as_in_one_go) {
  const std::vector<std::string> words{
      "\x1b",         "[",     "]",        "P",        "\\",       "\x07",
      "0;1",          "m",     "\xC2\x9B", "\xC2\x9D", "\xC2\x9C", "\xC2\xA9",
      "\xE4\xB8\xAD", "text ", "\x18",     "\r\n",     "(B"};
  std::mt19937 random(5);
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (int i = 0; i < 30; ++i) text += words[random() % words.size()];
    EscapeState whole;
    whole.advance(text);
    const std::size_t cut = random() % text.size();
    EscapeState halves;
    halves.advance(std::string_view(text).substr(0, cut));
    halves.advance(std::string_view(text).substr(cut));
    ASSERT_EQ(whole.ground(), halves.ground());
    ASSERT_EQ(whole.ground(), cuts(text).back() == 'y');
  }
}

TEST(EscapeState, advances_to_ground_and_no_further) {
  EscapeState state;
  state.advance("\x1b]0;ti");
  EXPECT_EQ(state.advance_to_ground("tle\x07"
                                    "after"),
            4U);
  EXPECT_EQ(state.advance_to_ground("after"), 0U);
  state.advance("\x1bP");
  EXPECT_EQ(state.advance_to_ground("endless"), 7U);
  EXPECT_FALSE(state.ground());
}

}  // namespace
}  // namespace sallyport::terminal
