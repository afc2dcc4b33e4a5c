#pragma once

#include <string>

namespace sallyport::app {

// What people read about the setting table. The same table gives the same text, on every machine.
std::string reference_page();  // docs/configuration.md, Markdown
std::string serve_help();      // `sallyport serve --help`, plain text of at most 80 columns
std::string main_help();       // `sallyport --help`

}  // namespace sallyport::app
