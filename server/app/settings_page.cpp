#include "app/setting_groups.h"
#include "app/setting_kinds.h"
#include "app/setting_values.h"

namespace sallyport::app::groups {
namespace {

using kinds::Outcome;
using kinds::Words;

// The policy's own keyword stands in quotes (CSP level 3, section 2.3.1).
constexpr std::string_view kSelf = "'self'";

Setting frame_ancestors() {
  return {.key = "page.frame_ancestors",
          .kind = Kind::kList,
          .takes = "a list of origins, or self",
          .example = "https://portal.example.org",
          .sentence =
              "The pages that may show this one in a frame: self for those of the same origin, or "
              "https://HOST[:PORT]. Nobody may unless it is set, because a page that frames a "
              "terminal can lead its user's clicks into it.",
          .default_words = "empty (nobody)",
          .set = [](Settings& settings, const Words& words) -> Outcome {
            std::vector<std::string> framers;
            for (const std::string& word : words) {
              if (word == "self" || word == kSelf) {
                framers.emplace_back(kSelf);
                continue;
              }
              auto origin = parse_origin(word);
              if (!origin) return std::unexpected(origin.error());
              framers.push_back(std::move(*origin));
            }
            settings.frame_ancestors = std::move(framers);
            return {};
          },
          .get = [](const Settings& settings) { return settings.frame_ancestors; }};
}

}  // namespace

std::vector<Setting> page() { return {frame_ancestors()}; }

}  // namespace sallyport::app::groups
