#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What the measurements run in the shell on the host: this program again, as `... on-host NAME`, so
// that it is the same text at the same pace everywhere and no process is started while it prints.
namespace sallyport::bench {

// `on-host flood`: numbered lines as fast as they are taken, until it is ended.
// `on-host print N`: N bytes of them per second.
// Returns the exit status.
int run_host_program(const std::vector<std::string>& words);

// The text of both, so that a reader knows each byte by its place: line K is K in twelve digits and
// words that fill it up to kFloodLine bytes.
inline constexpr std::size_t kFloodLine = 100;
// Appends bytes [from, from + count) of it.
void append_flood(std::string& out, std::uint64_t from, std::size_t count);
// True: `text` is that text from `from` on.
bool is_flood(std::string_view text, std::uint64_t from);

}  // namespace sallyport::bench
