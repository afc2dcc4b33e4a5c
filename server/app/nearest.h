#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::app {

// How many single letters must be inserted, removed, replaced or swapped with their neighbour to
// turn `a` into `b` (optimal string alignment). Time and memory are the product of the lengths.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate somebody probably meant who wrote `word`; none when nothing is near. Dotted names
// also match by their last part, so that "alow" finds "targets.allow".
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// " Did you mean X?", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace sallyport::app
