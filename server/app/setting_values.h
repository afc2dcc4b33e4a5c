#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

// The spellings of values that flags, environment and file share. Errors are the end of a sentence
// that begins with the setting's name: `"10 parsecs" is not a time: write a number with ms, s, m or
// h, such as 10s`.
namespace sallyport::app {

template <class T>
using Parsed = std::expected<T, std::string>;

std::string in_quotes(std::string_view text);  // control characters as ?, at most 80 bytes of it

struct ListenAddress {
  std::string address;  // an IP literal without brackets
  unsigned port = 0;    // 0: any free one
};
// "127.0.0.1:8022", "[::1]:8022", "localhost:8022".
Parsed<ListenAddress> parse_listen(std::string_view text);
bool is_loopback(std::string_view address);  // or a Unix socket
// Where a program on this machine reaches such a listener: a wildcard is no place to go to, its
// loopback is.
std::string reachable_address(const std::string& address);

// "https://ssh.corp.example" or with a port, as a browser sends it (RFC 6454, section 6.2): lower
// case, no default port.
Parsed<std::string> parse_origin(std::string_view text);

Parsed<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most);
// "262144", "256KiB", "1MiB", "1GiB".
Parsed<std::uint64_t> parse_bytes(std::string_view text, std::uint64_t least, std::uint64_t most);
// "500ms", "10s", "2m", "1h".
Parsed<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                 std::chrono::milliseconds least,
                                                 std::chrono::milliseconds most);
std::string show_bytes(std::uint64_t bytes);                // the shortest exact spelling
std::string show_duration(std::chrono::milliseconds time);  // the same

// A flag's or variable's list: separated by commas, blanks around the items dropped.
std::vector<std::string> split_list(std::string_view text);
std::string join_list(const std::vector<std::string>& items, std::string_view between = ",");
// The same list as the file has it: ["10.0.0.0/8", "*.corp.example"].
std::string toml_list(std::string_view text);

}  // namespace sallyport::app
