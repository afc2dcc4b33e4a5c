#include "app/startup_checks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "app/setting_table.h"
#include "app/setting_values.h"
#include "base/failure.h"
#include "net/unix_socket_file.h"

namespace sallyport::app {
namespace {

// Why the gateway cannot log in with this file; empty when it can.
std::string identity_trouble(const std::filesystem::path& file) {
  const auto reason = [] { return std::generic_category().message(errno); };
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return "cannot be read: " + reason();
  struct stat facts{};
  const bool known = ::fstat(fd, &facts) == 0;
  std::array<char, 11> start{};
  const ssize_t got = known && S_ISREG(facts.st_mode) ? ::read(fd, start.data(), start.size()) : 0;
  ::close(fd);
  if (!known || !S_ISREG(facts.st_mode)) return "is not a file";
  // OpenSSH's rule for private keys: a file of one's own that others can read is a mistake.
  if (facts.st_uid == ::geteuid() && (facts.st_mode & 077U) != 0) {
    std::array<char, 8> mode{};
    std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(facts.st_mode & 07777U));
    return "can be read by others (its mode is " + std::string(mode.data()) + "): run chmod 600 " +
           file.string();
  }
  if (got < 0 || std::string_view(start.data(), static_cast<std::size_t>(got)) != "-----BEGIN ") {
    return "is not a private key: name the file that begins with -----BEGIN, not its .pub";
  }
  return {};
}

// An origin on the browser's own machine, where nobody else listens in.
bool is_local(const std::string& origin) {
  std::string host = origin.substr(origin.find("://") + 3);
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  return host == "localhost" || is_loopback(host);
}

class Checks {
 public:
  explicit Checks(const Configuration& configuration)
      : configuration_(configuration), settings_(configuration.settings) {}

  Problems run() && {
    identities();
    tls();
    exposure();
    listener();
    metrics();
    host_keys();
    relations();
    return std::move(problems_);
  }

 private:
  void error(const std::string& where, std::string message) {
    problems_.push_back({where, std::move(message), false});
  }
  void warning(const std::string& where, std::string message) {
    problems_.push_back({where, std::move(message), true});
  }
  std::string listen() const {
    if (net::is_unix(settings_.listen_address)) return settings_.listen_address;
    return base::host_port(settings_.listen_address, settings_.listen_port);
  }

  void identities() {
    for (std::size_t i = 0; i < settings_.hosts.size(); ++i) {
      const Preset& host = settings_.hosts[i];
      if (host.identity_file.empty()) continue;
      const std::string& where = configuration_.identity_where.at(i);
      if (!is_loopback(settings_.listen_address)) {
        error(where, "host " + in_quotes(host.name) +
                         " has an identity_file and other machines can reach " + listen() +
                         ", so whoever opens the page would be " + host.user + " on " +
                         host.address +
                         ": write listen = \"127.0.0.1:8022\", or remove the identity_file so that "
                         "users log in themselves");
      }
      if (const std::string trouble = identity_trouble(host.identity_file); !trouble.empty()) {
        error(where, "identity_file " + host.identity_file.string() + " " + trouble);
      }
    }
  }

  void tls() {
    const net::TlsFiles& files = settings_.tls;
    if (files.certificate.empty() && files.key.empty()) return;
    if (files.key.empty()) {
      return error(configuration_.set_at("tls.certificate_file"),
                   "a certificate needs its private key: write key_file under [tls] too");
    }
    if (files.certificate.empty()) {
      return error(configuration_.set_at("tls.key_file"),
                   "a private key needs its certificate: write certificate_file under [tls] too");
    }
    const auto loaded = net::load_tls(files);
    const std::string where = configuration_.set_at("tls.certificate_file");
    if (!loaded) return error(where, loaded.error());
    if (!loaded->not_usable.empty())
      warning(where, loaded->not_usable + " Browsers will refuse it");
  }

  // What does not start: passwords in the clear from other machines, and a way for them to
  // everywhere.
  void exposure() {
    if (is_loopback(settings_.listen_address)) return;
    if (!settings_.has_tls() && settings_.trusted_proxies.empty()) {
      error(configuration_.set_at("listen"),
            "other machines can reach " + listen() +
                " and there is no TLS, so what users type could be read on the way: write "
                "certificate_file and key_file under [tls]; or, where a reverse proxy has the "
                "certificate, trusted = [\"10.0.0.7\"] under [proxies] with its address; or "
                "listen = \"127.0.0.1:8022\"");
    }
    if (settings_.targets.allow.empty()) {
      error(configuration_.set_at("targets.allow"),
            "other machines can reach " + listen() +
                " and targets.allow is empty, so whoever opens the page could reach every host "
                "that this machine can: write the networks that are meant, such as allow = "
                "[\"10.0.0.0/8\"] under [targets], or allow = [\"*\"] if it is all of them");
    }
  }

  void listener() {
    if (!is_loopback(settings_.listen_address) && settings_.origins.empty() &&
        !settings_.has_tls()) {
      warning(
          configuration_.set_at("listen"),
          listen() +
              " is for a reverse proxy and origins is empty: terminals open only on pages reached "
              "by IP address, over http, where passwords travel unprotected. Write origins = "
              "[\"https://...\"], as users type it");
    }
    bool published = false;
    for (const std::string& origin : settings_.origins) {
      if (is_local(origin)) continue;
      published = true;
      if (!origin.starts_with("http://")) continue;
      warning(configuration_.set_at("origins"),
              "the origin " + origin +
                  " is plain http: passwords travel unprotected between browser and gateway");
    }
    if (published && is_loopback(settings_.listen_address) && settings_.targets.allow.empty()) {
      warning(
          configuration_.set_at("targets.allow"),
          "targets.allow is empty: whoever opens the page may reach every host that this machine "
          "can. Write the networks that are meant, such as allow = "
          "[\"10.0.0.0/8\"] under [targets]");
    }
  }

  void metrics() {
    const std::string& address = settings_.metrics_address;
    if (address.empty() || is_loopback(address)) return;
    warning(configuration_.set_at("metrics.listen"),
            base::host_port(address, settings_.metrics_port) +
                " can be reached from other machines, and /metrics tells whoever asks which hosts "
                "are used and how much: let a firewall keep it for the monitoring, or write "
                "listen = \"127.0.0.1:9122\" under [metrics]");
  }

  void host_keys() {
    if (settings_.known_hosts.empty()) {
      error("known_hosts",
            "there is no place to keep host keys, because neither STATE_DIRECTORY, XDG_STATE_HOME "
            "nor "
            "HOME is set: write known_hosts = \"/var/lib/sallyport/known_hosts\"");
      return;
    }
    const std::string where = configuration_.set_at("known_hosts");
    std::error_code failed;
    const auto status = std::filesystem::status(settings_.known_hosts, failed);
    if (std::filesystem::is_directory(status)) {
      error(where, settings_.known_hosts.string() + " is a folder: name a file in it");
    } else if (!std::filesystem::exists(status) &&
               settings_.host_keys == ssh::HostKeyPolicy::kStrict) {
      warning(where,
              settings_.known_hosts.string() +
                  " does not exist and host_keys is strict, so every host will be refused: "
                  "write the host keys to it (ssh-keyscan prints them) or set host_keys = \"ask\"");
    }
  }

  void relations() {
    if (settings_.log_bytes < settings_.window_bytes) {
      error(configuration_.set_at("session.log"),
            "session.log (" + show_bytes(settings_.log_bytes) +
                ") must be at least session.window (" + show_bytes(settings_.window_bytes) +
                "), because output a page has not read lives in it");
    }
    if (settings_.silent_after <= settings_.ping_interval) {
      error(configuration_.set_at("timeouts.silent_after"),
            "timeouts.silent_after (" + show_duration(settings_.silent_after) +
                ") must be longer than timeouts.ping_interval (" +
                show_duration(settings_.ping_interval) + "), or idle browsers are dropped unasked");
    }
  }

  const Configuration& configuration_;
  const Settings& settings_;
  Problems problems_;
};

}  // namespace

Problems check_startup(const Configuration& configuration) { return Checks(configuration).run(); }

}  // namespace sallyport::app
