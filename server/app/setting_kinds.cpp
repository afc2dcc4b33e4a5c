#include "app/setting_kinds.h"

namespace sallyport::app::kinds {

Setting count(std::string key, unsigned Settings::* member, unsigned least, unsigned most,
              std::string example, std::string sentence, std::string default_words) {
  return {.key = std::move(key),
          .kind = Kind::kCount,
          .takes = "a number from " + std::to_string(least) + " to " + std::to_string(most),
          .example = std::move(example),
          .sentence = std::move(sentence),
          .default_words = std::move(default_words),
          .set = [member, least, most](Settings& settings, const Words& words) -> Outcome {
            const auto parsed = parse_count(words.front(), least, most);
            if (!parsed) return std::unexpected(parsed.error());
            settings.*member = static_cast<unsigned>(*parsed);
            return {};
          },
          .get = [member](const Settings& settings) -> Words {
            return {std::to_string(settings.*member)};
          }};
}

Setting bytes(std::string key, std::size_t Settings::* member, std::uint64_t least,
              std::uint64_t most, std::string example, std::string sentence) {
  return {.key = std::move(key),
          .kind = Kind::kBytes,
          .takes = "a size from " + show_bytes(least) + " to " + show_bytes(most),
          .example = std::move(example),
          .sentence = std::move(sentence),
          .default_words = {},
          .set = [member, least, most](Settings& settings, const Words& words) -> Outcome {
            const auto parsed = parse_bytes(words.front(), least, most);
            if (!parsed) return std::unexpected(parsed.error());
            settings.*member = static_cast<std::size_t>(*parsed);
            return {};
          },
          .get = [member](const Settings& settings) -> Words {
            return {show_bytes(settings.*member)};
          }};
}

Setting duration(std::string key, milliseconds Settings::* member, milliseconds least,
                 milliseconds most, std::string example, std::string sentence) {
  return {.key = std::move(key),
          .kind = Kind::kDuration,
          .takes = "a time from " + show_duration(least) + " to " + show_duration(most),
          .example = std::move(example),
          .sentence = std::move(sentence),
          .default_words = {},
          .set = [member, least, most](Settings& settings, const Words& words) -> Outcome {
            const auto parsed = parse_duration(words.front(), least, most);
            if (!parsed) return std::unexpected(parsed.error());
            settings.*member = *parsed;
            return {};
          },
          .get = [member](const Settings& settings) -> Words {
            return {show_duration(settings.*member)};
          }};
}

Setting rules(std::string key, std::vector<policy::Rule> policy::Rules::* member,
              std::string example, std::string sentence, std::string default_words) {
  return {.key = std::move(key),
          .kind = Kind::kList,
          .takes = "a list of rules",
          .example = std::move(example),
          .sentence = std::move(sentence),
          .default_words = std::move(default_words),
          .set = [member](Settings& settings, const Words& words) -> Outcome {
            std::vector<policy::Rule> parsed;
            for (const std::string& word : words) {
              auto rule = policy::Rule::parse(word);
              if (!rule) return std::unexpected(rule.error());
              parsed.push_back(std::move(*rule));
            }
            settings.targets.*member = std::move(parsed);
            return {};
          },
          .get =
              [member](const Settings& settings) {
                Words words;
                for (const policy::Rule& rule : settings.targets.*member)
                  words.push_back(rule.text());
                return words;
              }};
}

}  // namespace sallyport::app::kinds
