#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/problem.h"
#include "app/settings.h"

namespace sallyport::app {

// What a TOML file says (toml.io, version 1.0), with the line of everything, not yet applied to
// Settings.
struct ConfigFile {
  struct Value {
    std::string key;  // of the setting table
    std::vector<std::string>
        values;         // of the setting's kind; relative paths are the file's folder's
    std::string where;  // "FILE:LINE"
  };
  struct Host {
    Preset preset;
    std::string where;           // of the [[hosts]] line
    std::string identity_where;  // of its identity_file
  };
  std::vector<Value> values;  // in the order of the lines
  std::vector<Host> hosts;
  Problems problems;  // unknown, mistyped, duplicate, secret; in the order of the lines
};

// Never throws and never touches the file system. `file` is for messages and relative paths.
// Problems never show the value of something that looks like a secret.
ConfigFile parse_config(std::string_view text, const std::filesystem::path& file);

}  // namespace sallyport::app
