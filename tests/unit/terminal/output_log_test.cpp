#include "terminal/output_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/json_text.h"

namespace sallyport::terminal {
namespace {

// All from `offset`, read in views of at most `limit` bytes.
std::string read_all(const OutputLog& log, std::uint64_t offset, std::size_t limit) {
  std::string out;
  while (offset < log.end()) {
    const std::string_view view = log.read(offset, limit);
    EXPECT_FALSE(view.empty());
    EXPECT_LE(view.size(), limit);
    EXPECT_TRUE(base::is_valid_utf8(view));
    if (view.empty()) break;
    out += view;
    offset += view.size();
  }
  EXPECT_TRUE(log.read(log.end(), limit).empty());
  return out;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

constexpr std::size_t kBlock = 8;

// What OutputLog promises, of all there ever was.
struct Model {
  std::string all;
  std::uint64_t safe_cut(std::uint64_t from) const {
    EscapeState state;
    state.advance(std::string_view(all).substr(0, from));
    std::size_t at = from;
    while (at < all.size() && (is_continuation(all[at]) || !state.ground())) {
      state.advance({&all[at], 1});
      ++at;
    }
    return at;
  }
};

std::string random_text(std::mt19937& random, std::size_t words) {
  static const std::vector<std::string> kWords{
      "a",          "plain ",   "\r\n",     "é",         "中",   "😀",
      "\x1b[1;31m", "\x1b[0m",  "\x1b]0;t", "\x07",      "\x1b", "\\",
      "\x1bPq",     "\xC2\x9B", "0m",       "©",         "\x18", "\x1b]8;;http:",
      "[",          "12;34Hx",  "\x1b(B",   "e\xCC\x81", "~",    "\x1b[?25l"};
  std::string text;
  for (; words > 0; --words) text += kWords[random() % kWords.size()];
  return text;
}

TEST(OutputLog, is_empty_at_first) {
  const OutputLog log(100);
  EXPECT_EQ(log.start(), 0U);
  EXPECT_EQ(log.end(), 0U);
  EXPECT_TRUE(log.has(0));
  EXPECT_FALSE(log.has(1));
  EXPECT_EQ(log.read(0, 10), "");
  EXPECT_EQ(log.safe_cut(0), 0U);
}

TEST(OutputLog, reads_from_any_offset_what_was_appended_since) {
  OutputLog log(1000);
  log.append("hello ");
  log.append("");
  log.append("world");
  EXPECT_EQ(log.end(), 11U);
  EXPECT_EQ(log.read(0, 100), "hello world");
  EXPECT_EQ(log.read(6, 100), "world");
  EXPECT_EQ(log.read(0, 5), "hello");
  EXPECT_EQ(log.read(11, 100), "");
}

TEST(OutputLog, never_splits_a_character_at_the_limit) {
  OutputLog log(1000);
  log.append("ab😀c");
  EXPECT_EQ(log.read(0, 4), "ab");
  EXPECT_EQ(log.read(0, 5), "ab");
  EXPECT_EQ(log.read(0, 6), "ab😀");
  EXPECT_EQ(log.read(2, 4), "😀");
}

TEST(OutputLog, keeps_the_newest_and_forgets_the_oldest) {
  OutputLog log(8, 4);
  log.append("12345678");
  EXPECT_EQ(log.start(), 0U);
  log.append("901");
  EXPECT_EQ(log.start(), 0U) << "a block goes when all the others are enough";
  log.append("2");
  EXPECT_EQ(log.start(), 4U);
  EXPECT_FALSE(log.has(0));
  EXPECT_TRUE(log.has(4));
  EXPECT_EQ(read_all(log, 4, 100), "56789012");
}

TEST(OutputLog, keeps_the_end_of_a_text_longer_than_itself) {
  OutputLog log(8, 4);
  log.append("ab");
  log.append("0123456789abcdef");
  EXPECT_EQ(log.end(), 18U);
  EXPECT_EQ(log.start(), 8U);
  EXPECT_EQ(read_all(log, 8, 100), "6789abcdef");
}

TEST(OutputLog, forgets_whole_characters) {
  OutputLog log(8, 4);
  log.append("中文中文中文");  // a block holds one of them
  EXPECT_EQ(log.start(), 9U);
  EXPECT_EQ(read_all(log, 9, 100), "文中文");
}

TEST(OutputLog, forgets_all_when_told_and_goes_on) {
  OutputLog log(100, kBlock);
  log.append("some words and \x1b]0;half a title");
  log.forget();
  EXPECT_EQ(log.start(), log.end());
  EXPECT_EQ(log.end(), 31U);
  EXPECT_EQ(log.memory(), 0U);
  EXPECT_EQ(log.read(31, 10), "");
  // The other half is no text.
  log.append(" of");
  log.append(" a window\x07$ ");
  EXPECT_EQ(log.start(), 44U);
  EXPECT_EQ(read_all(log, log.start(), 100), "$ ");
}

TEST(OutputLog, does_not_wait_for_ever_for_the_end_of_a_forgotten_sequence) {
  OutputLog log(100, kBlock);
  log.append("\x1b]0;no end");
  log.forget();
  log.append(std::string(200, 'x'));
  EXPECT_EQ(log.start(), log.end());
  log.append("$ ");
  EXPECT_EQ(read_all(log, log.start(), 100), "$ ");
}

TEST(OutputLog, holds_little_more_memory_than_it_keeps) {
  OutputLog log(256 * 1024);
  EXPECT_EQ(log.memory(), 0U);
  log.append("$ ");
  EXPECT_LE(log.memory(), 1024U);
  const std::string line(99, 'x');
  for (int i = 0; i < 20'000; ++i) {
    log.append(line);
    ASSERT_LE(log.memory(),
              2 * 1024 + (log.end() - log.start()) * 11 / 10 + 2 * OutputLog::kBlockBytes);
  }
  EXPECT_GE(log.end() - log.start(), 256U * 1024);
}

TEST(OutputLog, gives_a_character_whole_that_a_block_has_no_room_for) {
  for (std::size_t lead = 0; lead < 16; ++lead) {
    OutputLog log(16, 5);
    log.append(std::string(lead, 'x'));
    std::string tail;
    for (const char* word : {"😀", "中", "é", "z", "😀", "中", "é", "😀"}) {
      log.append(word);
      tail += word;
    }
    for (const std::size_t limit : {4UL, 5UL, 7UL, 16UL, 100UL}) {
      const std::string kept = read_all(log, log.start(), limit);
      EXPECT_EQ(kept, tail.substr(tail.size() - kept.size())) << lead;
      EXPECT_GE(kept.size(), 13U);
    }
  }
}

TEST(OutputLog, of_any_size_says_what_a_log_that_keeps_all_would_say) {
  std::mt19937 random(17);
  for (const std::size_t capacity : {4UL, 5UL, 7UL, 16UL, 33UL, 100UL, 1023UL, 1025UL, 3000UL}) {
    OutputLog log(capacity, kBlock);
    Model model;
    for (int round = 0; round < 80; ++round) {
      const std::string text = random_text(random, random() % (round % 10 == 0 ? 200 : 12));
      log.append(text);
      model.all += text;
      ASSERT_EQ(log.end(), model.all.size());
      ASSERT_LT(log.end() - log.start(), capacity + 2 * kBlock);
      ASSERT_GE(log.end() - log.start(), std::min<std::size_t>(capacity, model.all.size()));
      ASSERT_FALSE(log.start() < log.end() && is_continuation(model.all[log.start()])) << capacity;
      const std::size_t limit = 4 + random() % 40;
      ASSERT_EQ(read_all(log, log.start(), limit), model.all.substr(log.start()));
      for (std::uint64_t from = log.start(); from <= log.end();
           from += 1 + random() % (1 + capacity / 4)) {
        ASSERT_EQ(log.safe_cut(from), model.safe_cut(from)) << capacity << " from " << from;
      }
      ASSERT_EQ(log.safe_cut(0), model.safe_cut(log.start()));
      ASSERT_EQ(log.safe_cut(log.end() + 100), log.end());
    }
  }
}

TEST(OutputLog, cuts_after_an_escape_sequence_whose_beginning_was_forgotten) {
  OutputLog log(16, 4);
  log.append("\x1b]0;a very long title");  // its introducer falls out
  log.append("\x07prompt$ ");
  EXPECT_EQ(read_all(log, log.safe_cut(0), 100), "prompt$ ");
}

TEST(OutputLog, cuts_at_its_end_while_a_sequence_is_open) {
  OutputLog log(16, 4);
  log.append("\x1bPq");
  log.append(std::string(100, '?'));
  EXPECT_EQ(log.safe_cut(0), log.end());
  log.append("\x1b\\");
  EXPECT_EQ(log.safe_cut(0), log.end());
  log.append("$ ");
  EXPECT_EQ(log.safe_cut(0), log.end() - 2);
}

TEST(OutputLog, cuts_nowhere_else_than_asked_when_all_is_plain) {
  OutputLog log(100);
  log.append("plain 中文 text");
  EXPECT_EQ(log.safe_cut(3), 3U);
  EXPECT_EQ(log.safe_cut(7), 9U);  // inside the first of the two
}

TEST(OutputLog, smaller_than_a_character_still_keeps_one) {
  OutputLog log(1, 1);
  log.append("abcd😀");
  EXPECT_EQ(read_all(log, log.start(), 4), "😀");
}

}  // namespace
}  // namespace sallyport::terminal
