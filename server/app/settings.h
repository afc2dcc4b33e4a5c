#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/log.h"
#include "net/tls_context.h"
#include "policy/rules.h"
#include "ssh/host_keys.h"

namespace sallyport::app {

// One [[hosts]] entry: a place that appears on the login page and connects with one click.
struct Preset {
  std::string name;
  std::string address;  // host name or address
  unsigned port = 22;
  std::string user;
  std::filesystem::path identity_file;  // empty: the user gives credentials
  std::string clipboard = "ask";        // what its output may do with it: ask, allow, never
  bool legacy = false;                  // old algorithms will do there
};

// Everything an administrator can set; app/settings_*.cpp are the one table that names them for
// flags, environment, TOML, --help and docs/configuration.md.
struct Settings {
  std::string listen_address = "127.0.0.1";  // or "unix:/run/sallyport/web.sock", without a port
  unsigned listen_port = 8022;
  unsigned listen_mode = 0660;               // of a Unix socket
  std::string base_path = "/";               // begins and ends with a slash
  std::vector<std::string> trusted_proxies;  // networks, as policy::Network::parse() takes them
  bool proxy_protocol = false;
  net::TlsFiles tls;            // both, or none: browsers come by plain HTTP
  std::string metrics_address;  // where the monitoring reads; empty: nowhere
  unsigned metrics_port = 0;
  std::vector<std::string> origins;  // "https://ssh.corp.example": who may open a socket, besides
                                     // IP literals and localhost
  std::filesystem::path known_hosts;
  ssh::HostKeyPolicy host_keys = ssh::HostKeyPolicy::kAsk;
  base::LogFormat log_format = base::LogFormat::kText;
  base::LogLevel log_level = base::LogLevel::kInfo;
  bool sandbox = true;
  unsigned threads = 0;  // reader threads; 0: one per core
  policy::Rules targets;
  std::vector<Preset> hosts;
  std::vector<std::string> frame_ancestors;  // 'self' in quotes, or origins; empty: nobody

  std::size_t window_bytes = 256 * 1024;  // un-acknowledged output before the shell waits
  std::size_t log_bytes = 1024 * 1024;    // output kept per session
  std::size_t ssh_window_bytes = 256 * 1024;
  unsigned max_sessions = 10'000;
  // By client: an address, or an IPv6 /64.
  unsigned sessions_by_client = 500;
  unsigned max_connections = 20'000;
  unsigned connections_by_client = 500;
  unsigned max_logins = 2'000;  // under way
  unsigned logins_by_client = 20;
  unsigned login_failures = 5;                   // that cost nothing
  std::chrono::milliseconds login_delay{1'000};  // after the next; doubled by each further one
  std::chrono::milliseconds login_delay_most{30'000};  // 0: never any delay
  std::chrono::milliseconds login_forget{600'000};
  std::size_t log_memory_bytes = 512 * 1024 * 1024;  // of all logs together
  unsigned watchers = 8;                             // of one session

  // What a session outlives; 0: no limit, or for detached_limit, nothing.
  std::chrono::milliseconds hold{120'000};
  std::chrono::milliseconds detached_limit{std::chrono::hours(24)};
  std::chrono::milliseconds idle_limit{0};
  std::chrono::milliseconds time_limit{0};

  std::chrono::milliseconds tls_handshake_timeout{10'000};
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds first_frame_timeout{10'000};
  std::chrono::milliseconds prompt_timeout{120'000};
  std::chrono::milliseconds resolve_timeout{10'000};
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds handshake_timeout{15'000};
  std::chrono::milliseconds authenticate_timeout{30'000};
  std::chrono::milliseconds shell_timeout{15'000};
  std::chrono::milliseconds keepalive{30'000};
  std::chrono::milliseconds dead_after{45'000};
  std::chrono::milliseconds ping_interval{20'000};
  std::chrono::milliseconds silent_after{60'000};
  std::chrono::milliseconds stop_grace{5'000};

  bool has_tls() const { return !tls.certificate.empty(); }
};

}  // namespace sallyport::app
