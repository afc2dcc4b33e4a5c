#pragma once

#include <filesystem>
#include <string>

#include "app/problem.h"

namespace sallyport::app {

// The whole file, at most 1 MiB; the one problem otherwise.
struct ConfigText {
  std::string text;
  Problems problems;
};
ConfigText read_config(const std::filesystem::path& file);

}  // namespace sallyport::app
