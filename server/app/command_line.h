#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/problem.h"

namespace sallyport::app {

enum class Command { kServe, kCheck, kExplain, kHealth, kReference, kVersion, kHelp };

struct CommandLine {
  Command command = Command::kHelp;
  std::string help;                                        // kHelp: what to print
  std::optional<std::filesystem::path> config;             // --config
  std::vector<std::pair<std::string, std::string>> flags;  // key of the setting table, text
  std::string target;                                      // kExplain: HOST[:PORT]
  Problems problems;  // usage: unknown commands and flags; values never shown
};

// `arguments` without the program's name. Values are not judged here, so that all places share one
// judge (configure()).
CommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace sallyport::app
