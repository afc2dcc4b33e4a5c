#include "web/field_list.h"

#include <algorithm>

namespace sallyport::web {
namespace {

constexpr std::size_t kMostMembers =
    64;  // real lists have ten; a hostile one must not cost more than reading it

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> list_members(std::string_view list) {
  std::vector<std::string_view> members;
  while (!list.empty() && members.size() < kMostMembers) {
    const auto comma = std::min(list.find(','), list.size());
    if (const auto member = trimmed(list.substr(0, comma)); !member.empty())
      members.push_back(member);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return members;
}

bool list_has(std::string_view list, std::string_view token) {
  return std::ranges::any_of(list_members(list),
                             [token](auto member) { return equals_ignoring_case(member, token); });
}

}  // namespace sallyport::web
