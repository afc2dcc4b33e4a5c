#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "app/nearest.h"
#include "app/reference.h"
#include "app/setting_table.h"

namespace sallyport::app {
namespace {

constexpr std::string_view kCheckHelp =
    "sallyport check: what is wrong with a configuration, by file and line\n\n"
    "Usage: sallyport check [--config FILE]\n\n"
    "Prints every problem, one a line. Exit status 0: the gateway would start with it;\n"
    "1: it would not. Without --config it looks where `sallyport serve` would.\n";

constexpr std::string_view kExplainHelp =
    "sallyport explain: which rule lets users reach a host, or does not\n\n"
    "Usage: sallyport explain [--config FILE] HOST[:PORT]\n\n"
    "Looks HOST up as a login would (the name of a [[hosts]] entry is one, too) and prints for\n"
    "each of its addresses the rule that decides. PORT is 22 unless given. Exit status 0: users\n"
    "may reach it; 1: they may not.\n";

constexpr std::string_view kHealthHelp =
    "sallyport health: whether the gateway on this machine answers\n\n"
    "Usage: sallyport health [--config FILE]\n\n"
    "Asks the address that `sallyport serve` would listen on, with the same configuration\n"
    "and environment. Exit status 0: it is well; 1: it is not. For a container's health check.\n";

void flat_help(CLI::App& app, std::string text) {
  app.set_help_flag("-h,--help");
  app.formatter_fn([text = std::move(text)](const CLI::App*, const std::string&,
                                            CLI::AppFormatMode) { return text; });
}

// What the parser did not take: a flag that does not exist, or a word too many. The value of a flag
// is not shown, for it may be what somebody hoped to be a place for a password.
void report_rest(const std::vector<std::string>& rest, const std::vector<std::string>& known,
                 Problems& problems) {
  bool value_may_follow = false;
  for (const std::string& word : rest) {
    if (word.starts_with('-') && word.size() > 1) {
      const std::string flag = word.substr(0, word.find('='));
      problems.push_back(
          {flag, "is not a flag." + (looks_secret(flag) ? " " + std::string(kNoSecrets)
                                                        : did_you_mean(flag, known))});
      value_may_follow = !word.contains('=');
    } else if (!std::exchange(value_may_follow, false)) {
      problems.push_back({"", "there is a word too many on the command line"});
    }
  }
}

// What stands where a command is expected.
void report_before_command(const std::vector<std::string>& rest, Problems& problems) {
  const std::string& word = rest.front();
  if (word.starts_with('-')) {
    problems.push_back({word.substr(0, word.find('=')),
                        "must follow a command, as in sallyport serve --listen 127.0.0.1:8022"});
    return;
  }
  problems.push_back(
      {word, "is not a command." + did_you_mean(word, {"serve", "check", "explain", "health",
                                                       "reference", "version"})});
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine result;
  CLI::App app;
  flat_help(app, main_help());
  app.allow_extras();
  bool wants_version = false;
  app.add_flag("--version", wants_version);

  std::string config;
  CLI::App* serve = app.add_subcommand("serve");
  CLI::App* check = app.add_subcommand("check");
  CLI::App* explain = app.add_subcommand("explain");
  CLI::App* health = app.add_subcommand("health");
  CLI::App* reference = app.add_subcommand("reference");
  CLI::App* version = app.add_subcommand("version");
  flat_help(*serve, serve_help());
  flat_help(*check, std::string(kCheckHelp));
  flat_help(*explain, std::string(kExplainHelp));
  flat_help(*health, std::string(kHealthHelp));
  flat_help(*reference, main_help());
  flat_help(*version, main_help());
  const std::array commands{serve, check, explain, health, reference, version};
  for (CLI::App* command : commands) command->allow_extras();
  for (CLI::App* command : {serve, check, explain, health}) command->add_option("--config", config);
  explain->add_option("HOST", result.target);

  std::vector<std::string> known{"--config"};
  std::vector<std::vector<std::string>> values(setting_table().size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    known.push_back(setting_table()[i].flag());
    // One value at a time, any number of times: configure() decides what a second one means.
    serve->add_option(known.back(), values[i])
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    for (const CLI::App* command : commands) {
      if (command->parsed()) result.help = command->help();
    }
    if (result.help.empty()) result.help = app.help();
    return result;
  } catch (const CLI::ParseError& error) {
    result.problems.push_back({"", error.what()});
    return result;
  }

  for (std::size_t i = 0; i < values.size(); ++i) {
    for (const std::string& value : values[i])
      result.flags.emplace_back(setting_table()[i].key, value);
  }
  if (!config.empty()) result.config = config;
  const auto rest = app.remaining();
  if (serve->parsed()) result.command = Command::kServe;
  if (check->parsed()) result.command = Command::kCheck;
  if (explain->parsed()) result.command = Command::kExplain;
  if (health->parsed()) result.command = Command::kHealth;
  if (reference->parsed()) result.command = Command::kReference;
  if (version->parsed() || wants_version) result.command = Command::kVersion;

  const bool any = !app.get_subcommands().empty() || wants_version;
  if (!any && rest.empty()) {
    result.problems.push_back({"",
                               "a command is missing: sallyport serve runs the gateway, "
                               "sallyport --help shows the others"});
  } else if (!rest.empty()) {
    report_before_command(rest, result.problems);
  }
  if (explain->parsed() && result.target.empty()) {
    result.problems.push_back({"", "the host is missing: sallyport explain HOST[:PORT]"});
  }
  for (const CLI::App* command : app.get_subcommands()) {
    report_rest(command->remaining(),
                command == serve ? known : std::vector<std::string>{"--config"}, result.problems);
  }
  return result;
}

}  // namespace sallyport::app
