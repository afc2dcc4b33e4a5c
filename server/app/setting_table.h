#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/settings.h"

namespace sallyport::app {

enum class Kind { kText, kPath, kCount, kBytes, kDuration, kList };

// One row of the table: flags, environment variables, TOML keys, --help and docs/configuration.md
// are all made of it.
struct Setting {
  // One value, or for kList any number of them. The error is the end of a sentence that begins with
  // the setting's name.
  using Set =
      std::function<std::expected<void, std::string>(Settings&, const std::vector<std::string>&)>;
  using Get = std::function<std::vector<std::string>(const Settings&)>;

  std::string key;  // TOML: "targets.allow" is `allow` in [targets]
  Kind kind = Kind::kText;
  std::string takes;          // for people: "ADDRESS:PORT", "a size from 16KiB to 16MiB"
  std::string example;        // a value other than the default, as a flag would carry it
  std::string sentence;       // what it is and why it is there
  std::string default_words;  // where the default is not a constant
  Set set;
  Get get;  // as set() takes it

  std::string flag() const;          // "--targets-allow"
  std::string environment() const;   // "SALLYPORT_TARGETS_ALLOW"
  std::string default_text() const;  // for people; "empty" for an empty list
};

const std::vector<Setting>& setting_table();
const Setting* find_setting(std::string_view key);
std::vector<std::string> setting_keys();

// The fields of one [[hosts]] entry, which only the file has.
struct HostField {
  std::string_view key;
  bool required;
  std::string_view takes;
  std::string_view sentence;
};
const std::vector<HostField>& host_fields();

// "password", "api_token" …: a name that promises a secret. No setting holds one, and a message
// about such a name never shows its value.
bool looks_secret(std::string_view name);
inline constexpr std::string_view kNoSecrets =
    "Sallyport keeps no secret in its configuration: the user types it into the page, or a host "
    "has "
    "an identity_file.";

}  // namespace sallyport::app
