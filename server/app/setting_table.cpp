#include "app/setting_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/setting_groups.h"
#include "app/setting_values.h"

namespace sallyport::app {
namespace {

std::vector<Setting> make_table() {
  std::vector<Setting> table;
  // In this order they stand in --help and in docs/configuration.md.
  for (const auto group :
       {groups::basics, groups::tls, groups::proxies, groups::targets, groups::session,
        groups::limits, groups::metrics, groups::timeouts, groups::page}) {
    auto rows = group();
    std::ranges::move(rows, std::back_inserter(table));
  }
  return table;
}

}  // namespace

std::string Setting::flag() const {
  std::string name = "--" + key;
  std::ranges::replace(name, '.', '-');
  std::ranges::replace(name, '_', '-');
  return name;
}

std::string Setting::environment() const {
  std::string name = "SALLYPORT_" + key;
  for (char& c : name) {
    if (c == '.') c = '_';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

std::string Setting::default_text() const {
  if (!default_words.empty()) return default_words;
  const std::string value = join_list(get(Settings{}), ", ");
  return value.empty() ? "empty" : value;
}

const std::vector<Setting>& setting_table() {
  static const std::vector<Setting> table = make_table();
  return table;
}

const Setting* find_setting(std::string_view key) {
  const auto found = std::ranges::find(setting_table(), key, &Setting::key);
  return found == setting_table().end() ? nullptr : &*found;
}

std::vector<std::string> setting_keys() {
  std::vector<std::string> keys;
  for (const Setting& setting : setting_table()) keys.push_back(setting.key);
  return keys;
}

const std::vector<HostField>& host_fields() {
  static const std::vector<HostField> fields{
      {"name", true, "a short text", "What the login page calls the host; unique."},
      {"address", true, "a host name or an IP address",
       "Where it is. Naming it here allows it, unless targets.deny does not."},
      {"port", false, "a number from 1 to 65535", "Its SSH port; 22 unless given."},
      {"user", true, "a user name", "The account that is used there."},
      {"identity_file", false, "FILE",
       "The private key (without a passphrase) the gateway logs in with. Whoever reaches the page "
       "then has that account, so it is refused unless the gateway listens on loopback only. "
       "Without it the user gives a password or key."},
      {"clipboard", false, "ask, allow or never",
       "What happens when the host's output wants to put text on the user's clipboard (OSC 52, as "
       "vim and tmux do): ask shows the beginning of the text and two buttons, allow does it "
       "unseen "
       "and never does nothing; ask unless given. What the clipboard holds is never told to a "
       "host."},
      {"legacy", false, "true or false",
       "For a host that cannot be brought up to date: SHA-1 and CBC (diffie-hellman-group14-sha1, "
       "ssh-rsa, aes*-cbc, hmac-sha1) will do where it has nothing better, and the page says so "
       "when they are used. Never DSA, 3DES, RC4 or groups of 1024 bits."},
  };
  return fields;
}

bool looks_secret(std::string_view name) {
  std::string folded(name);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  for (const std::string_view sign : {"passwor", "passwd", "passphrase", "secret", "token",
                                      "private_key", "credential", "api_key", "ssh_key"}) {
    if (folded.contains(sign)) return true;
  }
  return folded == "key" ||
         folded.ends_with(".key");  // not "_key": host_key is host_keys, mistyped
}

}  // namespace sallyport::app
