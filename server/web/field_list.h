#pragma once

#include <string_view>
#include <vector>

namespace sallyport::web {

// ASCII letters alike in both cases (RFC 9110 tokens, field names, schemes).
bool equals_ignoring_case(std::string_view a, std::string_view b);

// Without spaces and tabs at both ends (RFC 9110, section 5.6.3).
std::string_view trimmed(std::string_view text);

// The members of a comma separated list (RFC 9110, section 5.6.1), trimmed, empty ones left out.
// For lists whose members hold no quoted strings. At most 64 members are looked at.
std::vector<std::string_view> list_members(std::string_view list);

// Whether one member equals `token`.
bool list_has(std::string_view list, std::string_view token);

}  // namespace sallyport::web
