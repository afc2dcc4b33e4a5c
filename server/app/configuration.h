#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/problem.h"
#include "app/settings.h"

namespace sallyport::app {

inline constexpr std::string_view kUsualConfig = "/etc/sallyport/sallyport.toml";

// All that settings can come from.
struct Sources {
  std::optional<std::filesystem::path> config;  // --config
  std::vector<std::pair<std::string, std::string>>
      flags;                             // key of the setting, text; in the order given
  std::vector<std::string> environment;  // "NAME=VALUE", the whole of it
  std::filesystem::path usual_config =
      kUsualConfig;  // read when it exists and nothing else is named
};

// What they come to: flag before environment before file before default.
struct Configuration {
  Settings settings;
  std::optional<std::filesystem::path> file;  // the one that was named or found
  std::size_t file_settings = 0;              // how many settings it has, without hosts
  std::map<std::string, std::string> where;  // key -> who set it: "FILE:LINE", "--flag", "VARIABLE"
  std::vector<std::string> identity_where;   // for each of settings.hosts; empty: it has none
  Problems problems;                         // all of them; start only when none is an error

  std::string set_at(const std::string& key) const;  // where[key], or the key itself for a default
};
Configuration configure(const Sources& sources);

bool any_error(const Problems& problems);

}  // namespace sallyport::app
