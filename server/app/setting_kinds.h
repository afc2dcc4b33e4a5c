#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "app/setting_table.h"
#include "app/setting_values.h"

// Rows of the setting table by the kind of value they take: each maker knows how such a value is
// read, shown and refused.
namespace sallyport::app::kinds {

using std::chrono::milliseconds;
using Words = std::vector<std::string>;
using Outcome = std::expected<void, std::string>;

Setting count(std::string key, unsigned Settings::* member, unsigned least, unsigned most,
              std::string example, std::string sentence, std::string default_words = {});
Setting bytes(std::string key, std::size_t Settings::* member, std::uint64_t least,
              std::uint64_t most, std::string example, std::string sentence);
Setting duration(std::string key, milliseconds Settings::* member, milliseconds least,
                 milliseconds most, std::string example, std::string sentence);
Setting rules(std::string key, std::vector<policy::Rule> policy::Rules::* member,
              std::string example, std::string sentence, std::string default_words);

// One of a few words, each standing for a value of an enumeration.
template <class T>
Setting choice(std::string key, T Settings::* member,
               std::vector<std::pair<std::string, T>> choices, std::string example,
               std::string sentence) {
  Words names;
  for (const auto& [name, value] : choices) names.push_back(name);
  return {.key = std::move(key),
          .kind = Kind::kText,
          .takes = join_list(names, " | "),
          .example = std::move(example),
          .sentence = std::move(sentence),
          .default_words = {},
          .set = [member, choices, names](Settings& settings, const Words& words) -> Outcome {
            for (const auto& [name, value] : choices) {
              if (name != words.front()) continue;
              settings.*member = value;
              return {};
            }
            return std::unexpected(in_quotes(words.front()) +
                                   " is not one of: " + join_list(names, ", "));
          },
          .get = [member, choices](const Settings& settings) -> Words {
            const auto found =
                std::ranges::find(choices, settings.*member, &std::pair<std::string, T>::second);
            return {found == choices.end() ? "" : found->first};
          }};
}

}  // namespace sallyport::app::kinds
