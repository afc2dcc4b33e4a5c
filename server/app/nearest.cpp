#include "app/nearest.h"

#include <algorithm>

namespace sallyport::app {
namespace {

// Longer words are nobody's typing error, and the product of lengths stays small.
constexpr std::size_t kLongest = 64;

std::string_view last_part(std::string_view dotted) {
  const auto dot = dotted.rfind('.');
  return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cost((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cost[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      std::size_t best = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        best = std::min(best, at(i - 2, j - 2) + 1);
      }
      at(i, j) = best;
    }
  }
  return at(a.size(), b.size());
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongest) return std::nullopt;
  // A third of the letters may be wrong; in a word of three letters, one.
  const auto allowed = [](std::string_view text) {
    return std::max<std::size_t>(1, text.size() / 3);
  };
  std::optional<std::string> best;
  std::size_t best_cost = 0;
  const auto consider = [&](const std::string& candidate, std::size_t cost) {
    if (best && best_cost <= cost) return;
    best = candidate;
    best_cost = cost;
  };
  for (const std::string& candidate : candidates) {
    const std::size_t whole = edit_distance(word, candidate);
    if (whole <= allowed(word)) consider(candidate, 2 * whole);
    const std::string_view mine = last_part(word);
    const std::size_t part = edit_distance(mine, last_part(candidate));
    // One more than a whole match of the same distance: the exact place is the better guess.
    if (part <= allowed(mine)) consider(candidate, 2 * part + 1);
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto found = nearest(word, candidates);
  return found ? " Did you mean " + *found + "?" : "";
}

}  // namespace sallyport::app
