#include "app/config_file.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "app/nearest.h"
#include "app/setting_table.h"
#include "app/setting_values.h"
#include "app/toml_parser.h"

namespace sallyport::app {
namespace {

std::string_view describe(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a number";
    case toml::node_type::floating_point:
      return "a decimal number";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

// "targets" is a group, because there is a targets.allow.
bool is_group(std::string_view path) {
  return std::ranges::any_of(setting_table(), [&](const Setting& setting) {
    return setting.key.starts_with(std::string(path) + ".");
  });
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : file_(file) {}

  ConfigFile take() && {
    for (auto& [line, value] : values_) result_.values.push_back(std::move(value));
    for (auto& [line, problem] : problems_) result_.problems.push_back(std::move(problem));
    return std::move(result_);
  }

  // One line, whatever a quoted key held.
  void problem(toml::source_index line, std::string message) {
    for (char& c : message) {
      if (c >= 0 && c < ' ') c = '?';
    }
    problems_.emplace(line, Problem{where(line), std::move(message)});
  }

  void walk(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string path = prefix + std::string(key.str());
      const auto line = key.source().begin.line;
      if (path == "hosts") {
        hosts(node, line);
      } else if (const Setting* setting = find_setting(path)) {
        if (auto values = typed(*setting, node)) {
          values_.emplace(line, ConfigFile::Value{path, std::move(*values), where(line)});
        }
      } else if (!is_group(path)) {
        unknown(path, line);
      } else if (const toml::table* group = node.as_table()) {
        walk(*group, path + ".");
      } else {
        problem(line, path + " is a table: write [" + path + "] and its settings below it");
      }
    }
  }

 private:
  std::string where(toml::source_index line) const {
    return file_.string() + ":" + std::to_string(line);
  }

  void unknown(const std::string& path, toml::source_index line) {
    if (looks_secret(path)) {
      problem(line, path + " is not a setting. " + std::string(kNoSecrets));
      return;
    }
    auto keys = setting_keys();
    keys.emplace_back("hosts");
    problem(line, path + " is not a setting." + did_you_mean(path, keys));
  }

  // The words of a value whose type fits the setting; otherwise a problem that shows how it is
  // written.
  std::optional<std::vector<std::string>> typed(const Setting& setting, const toml::node& node) {
    const auto line = node.source().begin.line;
    const auto must = [&](std::string_view what, const std::string& example) {
      problem(line, setting.key + " must be " + std::string(what) + ", such as " + example +
                        "; this is " + std::string(describe(node)));
      return std::nullopt;
    };
    switch (setting.kind) {
      case Kind::kText:
        if (const auto text = node.value_exact<std::string>()) return std::vector{*text};
        return must("a text", "\"" + setting.example + "\"");
      case Kind::kPath:
        if (const auto text = node.value_exact<std::string>()) return std::vector{absolute(*text)};
        return must("a text", "\"" + setting.example + "\"");
      case Kind::kCount:
        if (const auto number = node.value_exact<std::int64_t>()) {
          return std::vector{std::to_string(*number)};
        }
        return must("a number", setting.example);
      case Kind::kBytes:
        if (const auto number = node.value_exact<std::int64_t>()) {
          return std::vector{std::to_string(*number)};
        }
        if (const auto text = node.value_exact<std::string>()) return std::vector{*text};
        return must("a size", "\"" + setting.example + "\"");
      case Kind::kDuration:
        if (const auto text = node.value_exact<std::string>()) return std::vector{*text};
        return must("a time with its unit", "\"" + setting.example + "\"");
      case Kind::kList:
        break;
    }
    const toml::array* array = node.as_array();
    if (array == nullptr) return must("a list of texts", toml_list(setting.example));
    std::vector<std::string> items;
    for (const toml::node& item : *array) {
      const auto text = item.value_exact<std::string>();
      if (!text) {
        problem(item.source().begin.line, setting.key + " must be a list of texts, such as " +
                                              toml_list(setting.example) + "; one of them is " +
                                              std::string(describe(item)));
        return std::nullopt;
      }
      items.push_back(*text);
    }
    return items;
  }

  // "~/" is the home folder's, anything else that is relative the file's: where the gateway was
  // started counts for nothing.
  std::string absolute(const std::string& path) const {
    if (path.empty()) return path;
    if (path.starts_with("~/")) {
      const char* home = std::getenv("HOME");
      if (home != nullptr) return (std::filesystem::path(home) / path.substr(2)).string();
    }
    return (file_.parent_path() / path).lexically_normal().string();
  }

  void hosts(const toml::node& node, toml::source_index line) {
    const toml::array* array = node.as_array();
    if (array == nullptr || !array->is_array_of_tables()) {
      problem(line,
              "hosts is a list of tables: write [[hosts]], in two brackets, before each host");
      return;
    }
    std::map<std::string, toml::source_index> seen;
    for (const toml::node& entry : *array) {
      const auto at = entry.source().begin.line;
      const auto host = one_host(*entry.as_table(), at);
      if (!host) continue;
      const auto [first, is_new] = seen.emplace(host->preset.name, at);
      if (!is_new) {
        problem(at, "there is already a host named " + in_quotes(host->preset.name) + ", at line " +
                        std::to_string(first->second) +
                        "; users choose by name, so each has its own");
        continue;
      }
      result_.hosts.push_back(*host);
    }
  }

  std::optional<ConfigFile::Host> one_host(const toml::table& table, toml::source_index at) {
    ConfigFile::Host host;
    host.where = where(at);
    const std::size_t before = problems_.size();
    for (const auto& [key, node] : table) {
      host_field(host, std::string(key.str()), node, key.source().begin.line);
    }
    for (const HostField& field : host_fields()) {
      if (field.required && !table.contains(field.key)) {
        problem(at, "this host has no " + std::string(field.key) + ": write " +
                        std::string(field.key) + " = " + std::string(field.takes));
      }
    }
    return problems_.size() == before ? std::optional(std::move(host)) : std::nullopt;
  }

  void host_field(ConfigFile::Host& host, const std::string& key, const toml::node& node,
                  toml::source_index line) {
    if (key == "port") {
      const auto port = node.value_exact<std::int64_t>();
      if (port && *port >= 1 && *port <= 65535) {
        host.preset.port = static_cast<unsigned>(*port);
      } else {
        problem(line, "port must be a number from 1 to 65535, such as 22");
      }
      return;
    }
    if (key == "legacy") {
      const auto legacy = node.value_exact<bool>();
      if (!legacy) problem(line, "legacy must be true or false, without quotes");
      host.preset.legacy = legacy.value_or(false);
      return;
    }
    std::vector<std::string> fields;
    for (const HostField& field : host_fields()) fields.emplace_back(field.key);
    if (std::ranges::find(fields, key) == fields.end()) {
      problem(line,
              key + " is not a setting of a host." +
                  (looks_secret(key) ? " " + std::string(kNoSecrets) : did_you_mean(key, fields)));
      return;
    }
    const auto text = node.value_exact<std::string>();
    if (!text || text->empty()) {
      problem(line, key + " must be a text in quotes, and not empty");
      return;
    }
    if (key == "name") host.preset.name = *text;
    if (key == "user") host.preset.user = *text;
    if (key == "address") host_address(host, *text, line);
    if (key == "clipboard") {
      if (*text != "ask" && *text != "allow" && *text != "never") {
        problem(line, "clipboard: " + in_quotes(*text) + " is not one of: ask, allow, never");
        return;
      }
      host.preset.clipboard = *text;
    }
    if (key == "identity_file") {
      if (text->contains("-----BEGIN") || text->contains('\n')) {
        problem(line, "identity_file must name a file, and this is a key itself. " +
                          std::string(kNoSecrets));
        return;
      }
      host.preset.identity_file = absolute(*text);
      host.identity_where = where(line);
    }
  }

  void host_address(ConfigFile::Host& host, const std::string& text, toml::source_index line) {
    const auto wrong = [&](const std::string& why) {
      problem(line, "address " + in_quotes(text) + why);
    };
    if (text.contains('@'))
      return wrong(" holds a user: write it as user = and the host alone here");
    if (text.contains("://") || text.find_first_of(" \t/") != std::string::npos) {
      return wrong(" is not a host name or an IP address");
    }
    if (std::ranges::count(text, ':') == 1) return wrong(" holds a port: write it as port =");
    if (text.starts_with('[')) return wrong(" needs no brackets here");
    host.preset.address = text;
  }

  const std::filesystem::path& file_;
  ConfigFile result_;
  // By line, and in the order they came within one: the parser's own order is by name.
  std::multimap<toml::source_index, ConfigFile::Value> values_;
  std::multimap<toml::source_index, Problem> problems_;
};

}  // namespace

ConfigFile parse_config(std::string_view text, const std::filesystem::path& file) {
  Reader reader(file);
  if (const auto parsed = parse_toml(text)) {
    reader.walk(*parsed, "");
  } else {
    reader.problem(parsed.error().line, "this is not TOML: " + parsed.error().reason);
  }
  return std::move(reader).take();
}

}  // namespace sallyport::app
