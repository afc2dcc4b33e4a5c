#include "app/setting_table.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "app/setting_kinds.h"
#include "app/setting_values.h"
#include "base/failure.h"

namespace sallyport::app {
namespace {

using namespace std::chrono_literals;
using kinds::Outcome;
using kinds::Words;

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;

Setting listen() {
  return {
      .key = "listen",
      .kind = Kind::kText,
      .takes = "ADDRESS:PORT",
      .example = "[::1]:8443",
      .sentence =
          "Where browsers reach the gateway. Loopback by default, because TLS is the business of "
          "the reverse proxy in front; port 0 takes any free one.",
      .default_words = {},
      .set = [](Settings& settings, const Words& words) -> Outcome {
        auto parsed = parse_listen(words.front());
        if (!parsed) return std::unexpected(parsed.error());
        settings.listen_address = parsed->address;
        settings.listen_port = parsed->port;
        return {};
      },
      .get = [](const Settings& settings) -> Words {
        return {base::host_port(settings.listen_address, settings.listen_port)};
      }};
}

Setting metrics_listen() {
  return {
      .key = "metrics.listen",
      .kind = Kind::kText,
      .takes = "ADDRESS:PORT",
      .example = "127.0.0.1:9122",
      .sentence =
          "Where Prometheus reads /metrics (docs/metrics.md). A listener of its own, because it "
          "tells which hosts are used and how much, which whoever opens the page is not to read; "
          "it answers anybody who reaches it, so keep it on loopback or an internal network.",
      .default_words = "empty (nowhere)",
      .set = [](Settings& settings, const Words& words) -> Outcome {
        ListenAddress listen;
        if (!words.front().empty()) {
          auto parsed = parse_listen(words.front());
          if (!parsed) return std::unexpected(parsed.error());
          listen = std::move(*parsed);
        }
        settings.metrics_address = std::move(listen.address);
        settings.metrics_port = listen.port;
        return {};
      },
      .get = [](const Settings& settings) -> Words {
        if (settings.metrics_address.empty()) return {""};
        return {base::host_port(settings.metrics_address, settings.metrics_port)};
      }};
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

std::vector<Setting> make_table() {
  using S = Settings;
  using namespace kinds;
  using ssh::HostKeyPolicy;
  return {
      listen(),
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
      count("threads", &S::threads, 0, 256, "4",
            "Threads that carry terminals; 0 is one per processor core, which is best unless the "
            "machine has other work.",
            "0 (one per core)"),
      rules(
          "targets.allow", &policy::Rules::allow, "10.0.0.0/8,*.corp.example:22",
          "The hosts users may reach: CIDR networks, addresses or name patterns, each with an "
          "optional :PORT. Empty allows every host that no other rule refuses, this machine itself "
          "included. Hosts under [[hosts]] are always allowed.",
          "empty (any host)"),
      rules(
          "targets.deny", &policy::Rules::deny, "10.9.0.0/16,db-*.corp.example",
          "The hosts users may not reach; wins over targets.allow and [[hosts]]. Cloud metadata "
          "services, link-local addresses and the gateway itself are refused without being named.",
          "empty"),
      bytes(
          "session.window", &S::window_bytes, 16 * kKiB, 16 * kMiB, "512KiB",
          "How much output a page may have unread, at most, before the shell waits. A slow page or "
          "network gets less by itself, so that Ctrl-C acts soon; more wins throughput far away."),
      bytes("session.log", &S::log_bytes, 64 * kKiB, kGiB, "4MiB",
            "How much of each session's newest output is kept in memory. At least session.window, "
            "because unread output lives here."),
      bytes(
          "session.ssh_window", &S::ssh_window_bytes, 32 * kKiB, 16 * kMiB, "1MiB",
          "How much output a host may send, at most, before the gateway reads it: the SSH receive "
          "window of each session. It begins with 64 KiB and grows while the browser keeps up."),
      duration(
          "session.hold", &S::hold, 0ms, 24h, "10m",
          "While nobody is there: how long a shell whose output fills session.log waits, so that "
          "a short absence loses nothing. After that it runs on and the newest output is kept."),
      duration("session.detached_limit", &S::detached_limit, 0ms, 720h, "8h",
               "How long a session lives on when nobody is there any more. 0s ends it with its "
               "browser's connection."),
      duration("session.idle_limit", &S::idle_limit, 0ms, 720h, "30m",
               "Ends a session when nothing was typed for so long, whoever watches. 0s: never."),
      duration("session.time_limit", &S::time_limit, 0ms, 720h, "12h",
               "Ends a session when it is so old. 0s: never."),
      count("session.watchers", &S::watchers, 0, 1000, "2",
            "How many may look on at one session, read-only, with the link its user gives them. 0 "
            "turns that off."),
      bytes("limits.log_memory", &S::log_memory_bytes, kMiB, 1024 * kGiB, "2GiB",
            "Memory for the kept output of all sessions together. Beyond it the output of those "
            "whose user has been away the longest is forgotten; a session somebody uses keeps its "
            "own."),
      count(
          "limits.sessions", &S::max_sessions, 1, 1'000'000, "200",
          "Shells open at once; the next user is told that the gateway is full, so that those who "
          "work keep their memory."),
      metrics_listen(),
      duration("timeouts.header", &S::header_timeout, 100ms, 10min, "5s",
               "How long a browser may take to send its request, so that slow senders hold no "
               "sockets."),
      duration("timeouts.first_frame", &S::first_frame_timeout, 100ms, 10min, "5s",
               "How long a new terminal connection may take to say what it wants."),
      duration("timeouts.prompt", &S::prompt_timeout, 1s, 1h, "5m",
               "How long a user may think over a question: a host key, a one-time code. The host's "
               "own login limit (LoginGraceTime) may be shorter."),
      duration("timeouts.resolve", &S::resolve_timeout, 100ms, 10min, "3s",
               "How long the name service may take to find a host."),
      duration("timeouts.connect", &S::connect_timeout, 100ms, 10min, "3s",
               "How long a host may take to accept a connection, over all its addresses."),
      duration("timeouts.handshake", &S::handshake_timeout, 100ms, 10min, "30s",
               "How long the SSH key exchange may take."),
      duration("timeouts.authenticate", &S::authenticate_timeout, 100ms, 10min, "1m",
               "How long a host may take over a login, without the time the user thinks."),
      duration("timeouts.shell", &S::shell_timeout, 100ms, 10min, "30s",
               "How long a host may take to start the shell."),
      duration("timeouts.keepalive", &S::keepalive, 1s, 1h, "1m",
               "How often an idle SSH connection is used, so that firewalls do not forget it."),
      duration(
          "timeouts.dead_after", &S::dead_after, 1s, 1h, "90s",
          "How long a host may leave what was sent unacknowledged before the session ends with "
          "the sentence that it stopped answering."),
      duration("timeouts.ping_interval", &S::ping_interval, 100ms, 1h, "30s",
               "How often an idle browser is pinged. Keep it below the proxy's read timeout "
               "(nginx: proxy_read_timeout, 60 s), or the proxy cuts idle terminals."),
      duration(
          "timeouts.silent_after", &S::silent_after, 200ms, 2h, "90s",
          "How long a browser may stay silent, pings unanswered, before its socket is dropped. "
          "More than timeouts.ping_interval."),
      duration("timeouts.stop_grace", &S::stop_grace, 0ms, 10min, "10s",
               "How long a stop waits for browsers to be told, before it closes what is left."),
  };
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
