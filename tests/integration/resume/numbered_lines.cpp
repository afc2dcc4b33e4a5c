#include "numbered_lines.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sallyport::support {
namespace {

constexpr const char* kPrinted =
    "\x1b[3%dm%012llu é中😀 one line of a log that nobody reads\x1b[0m\r\n";
constexpr const char* kTyped = "%012llu é中😀 typed\n";

template <class... Values>
std::string filled(const char* format, Values... values) {
  std::array<char, 128> text;
  const int size = std::snprintf(text.data(), text.size(), format, values...);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string typed_line(std::uint64_t number) {
  return filled(kTyped, static_cast<unsigned long long>(number));
}

template <class Line>
std::string cut_out(std::uint64_t from, std::size_t count, std::size_t length, Line&& line) {
  std::string text;
  text.reserve(count + 2 * length);
  const std::size_t skipped = from % length;
  for (std::uint64_t number = from / length; text.size() < skipped + count; ++number) {
    text += line(number);
  }
  return text.substr(skipped, count);
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::string NumberedLines::line(std::uint64_t number) {
  return filled(kPrinted, static_cast<int>(number % 8), static_cast<unsigned long long>(number));
}

std::size_t NumberedLines::length() {
  static const std::size_t length = line(0).size();
  return length;
}

std::string NumberedLines::bytes(std::uint64_t from, std::size_t count) {
  return cut_out(from, count, length(), line);
}

std::size_t NumberedLines::differs(std::uint64_t from, std::string_view got) {
  const auto wanted = bytes(from, got.size());
  if (wanted == got) return std::string_view::npos;
  const auto [one, other] = std::ranges::mismatch(wanted, got);
  return static_cast<std::size_t>(one - wanted.begin());
}

bool NumberedLines::begins_character(std::uint64_t offset) {
  return !is_continuation(bytes(offset, 1)[0]);
}

bool NumberedLines::inside_sequence(std::uint64_t offset) {
  const std::uint64_t at = offset % length();
  const auto text = line(0);
  const auto second = text.rfind('\x1b');
  return (at > 0 && at < 5) || (at > second && at < second + 4);
}

std::string NumberedLines::awk_program(std::uint64_t lines, std::uint64_t told) {
  std::string program = "BEGIN { for (i = 0; i < " + std::to_string(lines) + "; i++) {";
  if (told > 0) {
    program += " if (i % " + std::to_string(told) +
               " == 0) { fflush(); print i > \"/dev/stderr\"; fflush(\"/dev/stderr\") }";
  }
  return program +
         " printf \"\\033[3%dm%012d é中😀 one line of a log that nobody reads\\033[0m\\r\\n\", "
         "i % 8, i } }";
}

std::size_t TypedLines::length() {
  static const std::size_t length = typed_line(0).size();
  return length;
}

std::string TypedLines::bytes(std::uint64_t from, std::size_t count) {
  return cut_out(from, count, length(), typed_line);
}

bool TypedLines::begins_character(std::uint64_t offset) {
  return !is_continuation(bytes(offset, 1)[0]);
}

}  // namespace sallyport::support
