#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "app/setting_groups.h"
#include "app/setting_kinds.h"
#include "app/setting_values.h"
#include "base/failure.h"
#include "net/unix_socket_file.h"

namespace sallyport::app::groups {
namespace {

using kinds::Outcome;
using kinds::Words;

Setting listen() {
  return {
      .key = "listen",
      .kind = Kind::kText,
      .takes = "ADDRESS:PORT or unix:PATH",
      .example = "[::1]:8443",
      .sentence =
          "Where browsers reach the gateway. Loopback by default: beyond it, give it a certificate "
          "([tls]) or a reverse proxy that has one; port 0 takes any free one. "
          "unix:PATH is a Unix socket, for a proxy on the same machine.",
      .default_words = {},
      .set = [](Settings& settings, const Words& words) -> Outcome {
        if (net::is_unix(words.front())) {
          if (!net::unix_path(words.front()).starts_with('/'))
            return std::unexpected(in_quotes(words.front()) +
                                   " is no Unix socket: write unix: and an absolute path");
          settings.listen_address = words.front();
          settings.listen_port = 0;
          return {};
        }
        auto parsed = parse_listen(words.front());
        if (!parsed) return std::unexpected(parsed.error());
        settings.listen_address = parsed->address;
        settings.listen_port = parsed->port;
        return {};
      },
      .get = [](const Settings& settings) -> Words {
        if (net::is_unix(settings.listen_address)) return {settings.listen_address};
        return {base::host_port(settings.listen_address, settings.listen_port)};
      }};
}

Setting listen_mode() {
  return {.key = "listen_mode",
          .kind = Kind::kText,
          .takes = "an octal mode",
          .example = "0666",
          .sentence =
              "Who may open the Unix socket of listen, as chmod(1) takes it: who may is taken for "
              "a listed proxy, so let it be the proxy's group.",
          .default_words = {},
          .set = [](Settings& settings, const Words& words) -> Outcome {
            unsigned mode = 0;
            const std::string& text = words.front();
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), mode, 8);
            if (error != std::errc{} || end != text.data() + text.size() || mode > 0777)
              return std::unexpected(in_quotes(text) + " is no mode: write one like 0660");
            settings.listen_mode = mode;
            return {};
          },
          .get = [](const Settings& settings) -> Words {
            std::array<char, 8> text{};
            std::snprintf(text.data(), text.size(), "%04o", settings.listen_mode);
            return {text.data()};
          }};
}

Setting base_path() {
  return {
      .key = "base_path",
      .kind = Kind::kText,
      .takes = "a path",
      .example = "/ssh/",
      .sentence =
          "What stands before every address, when a proxy passes requests on with the path that "
          "the browser asked for. origins are without it.",
      .default_words = {},
      .set = [](Settings& settings, const Words& words) -> Outcome {
        const std::string& path = words.front();
        const bool letters = std::ranges::all_of(path, [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '_' || c == '.' || c == '/';
        });
        if (!letters || !path.starts_with('/') || !path.ends_with('/') || path.contains("//"))
          return std::unexpected(in_quotes(path) +
                                 " is no path that begins and ends with a slash, such as /ssh/");
        settings.base_path = path;
        return {};
      },
      .get = [](const Settings& settings) -> Words { return {settings.base_path}; }};
}

Setting origins() {
  return {.key = "origins",
          .kind = Kind::kList,
          .takes = "a list of origins",
          .example = "https://ssh.example.org,https://ssh.example.com:8443",
          .sentence =
              "The pages that may open a terminal, as https://HOST[:PORT]. A browser says on which "
              "page a script runs, and any other site is refused; the gateway's own page opened by "
              "an IP address or as localhost over plain http is always allowed.",
          .default_words = {},
          .set = [](Settings& settings, const Words& words) -> Outcome {
            std::vector<std::string> origins;
            for (const std::string& word : words) {
              auto parsed = parse_origin(word);
              if (!parsed) return std::unexpected(parsed.error());
              origins.push_back(std::move(*parsed));
            }
            settings.origins = std::move(origins);
            return {};
          },
          .get = [](const Settings& settings) { return settings.origins; }};
}

Setting known_hosts() {
  return {
      .key = "known_hosts",
      .kind = Kind::kPath,
      .takes = "FILE",
      .example = "/var/lib/sallyport/known_hosts",
      .sentence =
          "The host keys that are trusted, in OpenSSH's known_hosts format. New ones that a user "
          "confirms are added to it, so it must be writable unless host_keys is strict.",
      .default_words =
          "$STATE_DIRECTORY/known_hosts, else $XDG_STATE_HOME/sallyport/known_hosts, "
          "else ~/.local/state/sallyport/known_hosts",
      .set = [](Settings& settings, const Words& words) -> Outcome {
        if (words.front().empty()) return std::unexpected("must name a file");
        settings.known_hosts = words.front();
        return {};
      },
      .get = [](const Settings& settings) -> Words { return {settings.known_hosts.string()}; }};
}

}  // namespace

std::vector<Setting> basics() {
  using S = Settings;
  using namespace kinds;
  using ssh::HostKeyPolicy;
  return {
      listen(),
      listen_mode(),
      base_path(),
      origins(),
      known_hosts(),
      choice<HostKeyPolicy>(
          "host_keys", &S::host_keys,
          {{"ask", HostKeyPolicy::kAsk},
           {"strict", HostKeyPolicy::kStrict},
           {"accept-new", HostKeyPolicy::kAcceptNew}},
          "strict",
          "What happens when a host's key is not on file: ask shows its fingerprint to the user, "
          "strict refuses, accept-new trusts and saves. A changed key is refused whatever is set."),
      choice<base::LogFormat>(
          "log_format", &S::log_format,
          {{"text", base::LogFormat::kText}, {"json", base::LogFormat::kJson}}, "json",
          "How log lines on stderr are written: text for people, json (an object a line) for "
          "whatever collects them."),
      choice<base::LogLevel>("log_level", &S::log_level,
                             {{"debug", base::LogLevel::kDebug},
                              {"info", base::LogLevel::kInfo},
                              {"warning", base::LogLevel::kWarning},
                              {"error", base::LogLevel::kError}},
                             "debug",
                             "The least important log lines that are written. No level ever shows "
                             "what is typed or printed in a terminal."),
      choice<bool>(
          "sandbox", &S::sandbox, {{"on", true}, {"off", false}}, "off",
          "After its start the gateway gives up what it no longer needs: capabilities, new "
          "privileges, files other than its own few (Landlock) and every system call that "
          "a gateway does not make (seccomp), running programs above all. Off is for a "
          "system where that is in the way; the log says sandbox.off then."),
      count("threads", &S::threads, 0, 256, "4",
            "Threads that carry terminals; 0 is one per processor core, which is best unless the "
            "machine has other work.",
            "0 (one per core)"),
  };
}

}  // namespace sallyport::app::groups
