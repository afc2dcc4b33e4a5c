#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::support {

// A stream of numbered lines, all of one length, so that what must stand at any offset is known
// without having the stream. They hold colours and characters of one to four bytes, so that most
// places to cut are awkward ones.
class NumberedLines {
 public:
  static std::string bytes(std::uint64_t from, std::size_t count);
  // Where `got`, which stands at `from`, is not what it must be; npos: nowhere.
  static std::size_t differs(std::uint64_t from, std::string_view got);
  static bool begins_character(std::uint64_t offset);
  static bool inside_sequence(std::uint64_t offset);  // of escape
  static std::size_t length();                        // of a line, in bytes
  // Prints the first `lines` of them; each `told` lines, how many there are goes to standard error.
  static std::string awk_program(std::uint64_t lines, std::uint64_t told = 0);

 private:
  static std::string line(std::uint64_t number);
};

// The same for what is typed: plain text that no terminal changes.
class TypedLines {
 public:
  static std::string bytes(std::uint64_t from, std::size_t count);
  static std::size_t length();
  static bool begins_character(std::uint64_t offset);
};

}  // namespace sallyport::support
