#pragma once

#include <expected>
#include <iosfwd>
#include <string>
#include <string_view>

#include "app/settings.h"

namespace sallyport::app {

struct ExplainTarget {
  std::string host;
  unsigned port = 22;
};
// "db-3.corp", "db-3.corp:2222", "10.0.0.5:22", "::1", "[::1]:22". The error is a sentence.
std::expected<ExplainTarget, std::string> parse_explain_target(std::string_view text);

// Looks the host up as a login would and writes for each of its addresses whether it would be
// dialled and which rule says so. A host that [[hosts]] has by this name is judged as that. True:
// a login would get as far as dialling.
bool explain(const ExplainTarget& target, const Settings& settings, std::ostream& out);

}  // namespace sallyport::app
