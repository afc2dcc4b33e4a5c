#pragma once

#include <span>
#include <string_view>

#include "web/assets.h"

namespace sallyport::web {

// The front end inside the binary. Defined in the library `sallyport_site`, which
// scripts/cmake/embed.cmake generates from static/ and templates/; tests that need other files do
// not link it.
std::span<const Asset> embedded_assets();
// A file of templates/, by name ("index.html"); empty when there is none.
std::string_view embedded_template(std::string_view name);

}  // namespace sallyport::web
