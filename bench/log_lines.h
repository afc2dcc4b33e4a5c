#pragma once

#include <cstddef>
#include <string>

namespace sallyport::bench {

// Log lines as a program writes them: time, level, words, numbers; at most `bytes`, whole lines,
// the same for every call with the same size.
std::string log_lines(std::size_t bytes);
// The same with colours, CJK and emoji.
std::string coloured_lines(std::size_t bytes);

}  // namespace sallyport::bench
