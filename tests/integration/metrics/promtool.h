#pragma once

#include <string>

namespace sallyport::support {

// What `promtool check metrics` complains about in this text; empty when it is a good one.
std::string promtool_complaints(const std::string& text);

}  // namespace sallyport::support
