#include "app/configuration.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "app/config_file.h"
#include "app/config_text.h"
#include "app/nearest.h"
#include "app/setting_table.h"
#include "app/setting_values.h"

namespace sallyport::app {
namespace {

constexpr std::string_view kPrefix = "SALLYPORT_";
constexpr std::string_view kConfigVariable = "SALLYPORT_CONFIG";

using Environment = std::map<std::string, std::string, std::less<>>;

Environment variables(const std::vector<std::string>& lines) {
  Environment result;
  for (const std::string& line : lines) {
    const auto equals = line.find('=');
    if (equals != std::string::npos)
      result.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return result;
}

std::string value_of(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

// Kubernetes sets these by itself in every pod beside a service that is named sallyport.
bool is_service_link(std::string_view name) {
  return name.starts_with("SALLYPORT_SERVICE_") || name == "SALLYPORT_PORT" ||
         name.starts_with("SALLYPORT_PORT_");
}

// Compared without the prefix that all of them share, which would make any two look alike.
std::string nearest_variable(const std::string& name) {
  std::vector<std::string> endings{std::string(kConfigVariable.substr(kPrefix.size()))};
  for (const Setting& setting : setting_table()) {
    endings.push_back(setting.environment().substr(kPrefix.size()));
  }
  const auto ending = nearest(name.substr(kPrefix.size()), endings);
  return ending ? " Did you mean " + std::string(kPrefix) + *ending + "?" : "";
}

class Layers {
 public:
  explicit Layers(Configuration& result) : result_(result) {}

  // `prefix` begins the sentence where `where` does not already name the setting.
  void apply(const Setting& setting, const std::vector<std::string>& values,
             const std::string& where, const std::string& prefix) {
    if (const auto outcome = setting.set(result_.settings, values); !outcome) {
      result_.problems.push_back({where, prefix + outcome.error()});
      return;
    }
    result_.where[setting.key] = where;
  }

  void text(const Setting& setting, const std::string& text, const std::string& where) {
    if (setting.kind == Kind::kList) {
      apply(setting, split_list(text), where, "");
    } else {
      apply(setting, {text}, where, "");
    }
  }

  void file(const std::filesystem::path& path) {
    result_.file = path;
    ConfigText source = read_config(path);
    if (!source.problems.empty()) {
      append(source.problems);
      return;
    }
    ConfigFile config = parse_config(source.text, path);
    append(config.problems);
    result_.file_settings = config.values.size();
    for (const ConfigFile::Value& value : config.values) {
      apply(*find_setting(value.key), value.values, value.where, value.key + ": ");
    }
    for (ConfigFile::Host& host : config.hosts) {
      result_.settings.hosts.push_back(std::move(host.preset));
      result_.identity_where.push_back(std::move(host.identity_where));
    }
  }

  void environment(const Environment& environment) {
    for (const auto& [name, value] : environment) {
      if (!name.starts_with(kPrefix) || name == kConfigVariable || is_service_link(name)) continue;
      const auto& table = setting_table();
      const auto found = std::ranges::find(table, name, &Setting::environment);
      if (found != table.end()) {
        text(*found, value, name);
      } else if (looks_secret(name)) {
        result_.problems.push_back({name, "is not a setting. " + std::string(kNoSecrets)});
      } else {
        result_.problems.push_back({name, "is not a setting." + nearest_variable(name)});
      }
    }
  }

  void flags(const std::vector<std::pair<std::string, std::string>>& flags) {
    std::set<std::string> done;
    for (const auto& [key, value] : flags) {
      const Setting* setting = find_setting(key);
      if (setting == nullptr || !done.insert(key).second) continue;
      std::vector<std::string> given;
      for (const auto& [other, text] : flags) {
        if (other == key) given.push_back(text);
      }
      if (setting->kind == Kind::kList) {
        text(*setting, join_list(given), setting->flag());
      } else if (given.size() > 1) {
        result_.problems.push_back({setting->flag(), "is given more than once"});
      } else {
        text(*setting, value, setting->flag());
      }
    }
  }

 private:
  void append(Problems& problems) {
    std::ranges::move(problems, std::back_inserter(result_.problems));
  }

  Configuration& result_;
};

// systemd's StateDirectory= first (it may name several, separated by colons), then the XDG base
// directory specification's place for what outlives a run.
std::filesystem::path default_known_hosts(const Environment& environment) {
  const std::string state = value_of(environment, "STATE_DIRECTORY");
  if (!state.empty())
    return std::filesystem::path(state.substr(0, state.find(':'))) / "known_hosts";
  const std::filesystem::path xdg = value_of(environment, "XDG_STATE_HOME");
  if (xdg.is_absolute()) return xdg / "sallyport" / "known_hosts";
  const std::string home = value_of(environment, "HOME");
  if (home.empty()) return {};
  return std::filesystem::path(home) / ".local" / "state" / "sallyport" / "known_hosts";
}

}  // namespace

std::string Configuration::set_at(const std::string& key) const {
  const auto found = where.find(key);
  return found == where.end() ? key : found->second;
}

Configuration configure(const Sources& sources) {
  Configuration result;
  const Environment environment = variables(sources.environment);
  result.settings.known_hosts = default_known_hosts(environment);

  Layers layers(result);
  const std::string named = value_of(environment, kConfigVariable);
  std::error_code none;
  if (sources.config) {
    layers.file(*sources.config);
  } else if (!named.empty()) {
    layers.file(named);
  } else if (std::filesystem::exists(sources.usual_config, none)) {
    layers.file(sources.usual_config);
  }
  layers.environment(environment);
  layers.flags(sources.flags);
  return result;
}

bool any_error(const Problems& problems) {
  return std::ranges::any_of(problems, [](const Problem& problem) { return !problem.warning; });
}

}  // namespace sallyport::app
