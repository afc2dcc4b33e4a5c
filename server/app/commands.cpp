#include "app/commands.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <ostream>
#include <string_view>

#include "app/command_line.h"
#include "app/configuration.h"
#include "app/explain.h"
#include "app/gateway.h"
#include "app/health_probe.h"
#include "app/memory_image.h"
#include "app/reference.h"
#include "app/sandbox.h"
#include "app/setting_values.h"
#include "app/signals.h"
#include "app/startup_checks.h"
#include "app/used_files.h"
#include "app/version.h"
#include "base/failure.h"
#include "base/log.h"
#include "net/unix_socket_file.h"
#include "policy/rules.h"

namespace sallyport::app {
namespace {

Configuration configured(const CommandLine& line, const std::vector<std::string>& environment) {
  Configuration configuration = configure({line.config, line.flags, environment});
  // Only what is good by itself can be judged as a whole: half a configuration would give
  // misleading sentences.
  if (!any_error(configuration.problems)) {
    for (Problem& problem : check_startup(configuration)) {
      configuration.problems.push_back(std::move(problem));
    }
  }
  return configuration;
}

std::string counted(std::size_t number, std::string_view noun) {
  return std::to_string(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

int check(const CommandLine& line, const std::vector<std::string>& environment, std::ostream& out) {
  const Configuration configuration = configured(line, environment);
  for (const Problem& problem : configuration.problems) out << problem.line() << "\n";
  if (any_error(configuration.problems)) return kExitUsage;
  if (configuration.file) {
    out << configuration.file->string()
        << " is fine: " << counted(configuration.file_settings, "setting") << ", "
        << counted(configuration.settings.hosts.size(), "host") << "\n";
  } else {
    out << "There is no configuration file, and none is needed: "
        << counted(configuration.where.size(), "setting") << " from the environment\n";
  }
  return kExitOk;
}

int explain(const CommandLine& line, const std::vector<std::string>& environment, std::ostream& out,
            std::ostream& err) {
  const auto target = parse_explain_target(line.target);
  if (!target) {
    err << target.error() << "\n";
    return kExitUsage;
  }
  const Configuration configuration = configured(line, environment);
  for (const Problem& problem : configuration.problems) err << problem.line() << "\n";
  if (any_error(configuration.problems)) return kExitUsage;
  return app::explain(*target, configuration.settings, out) ? kExitOk : kExitRefused;
}

HealthTarget health_target(const Settings& settings) {
  HealthTarget target{.address = reachable_address(settings.listen_address),
                      .port = settings.listen_port,
                      .path = settings.base_path + "healthz",
                      .tls = settings.has_tls()};
  const auto from = policy::Address::parse(target.address);
  target.proxy_protocol =
      settings.proxy_protocol &&
      (net::is_unix(target.address) ||
       std::ranges::any_of(settings.trusted_proxies, [&](const std::string& text) {
         const auto network = policy::Network::parse(text);
         return network && from && network->contains(*from);
       }));
  return target;
}

// A container's health check runs every few seconds and must end before the next.
constexpr std::chrono::seconds kHealthLimit{3};

int health(const CommandLine& line, const std::vector<std::string>& environment, std::ostream& out,
           std::ostream& err) {
  const Configuration configuration = configure({line.config, line.flags, environment});
  if (any_error(configuration.problems)) {
    for (const Problem& problem : configuration.problems) err << problem.line() << "\n";
    return kExitUsage;
  }
  const auto well = probe_health(health_target(configuration.settings), kHealthLimit);
  if (!well) {
    err << well.error() << "\n";
    return kExitNotWell;
  }
  out << "ok\n";
  return kExitOk;
}

void give_up_rights(const UsedFiles& files, bool wanted, const base::Log& log) {
  const char* const impossible = no_sandbox_here();
  if (!wanted || impossible) {
    log.warning("sandbox.off", {{"reason", wanted ? impossible : "the setting"}});
    return;
  }
  const Sandbox sandbox = enter_sandbox(files);
  log.info("sandbox.on", {{"landlock", sandbox.landlock},
                          {"system_calls", sandbox.system_calls},
                          {"capabilities", sandbox.capabilities}});
}

int serve(const CommandLine& line, const std::vector<std::string>& environment, std::ostream& out,
          std::ostream& err) {
  keep_memory_private();
  Configuration configuration = configured(line, environment);
  if (any_error(configuration.problems)) {
    for (const Problem& problem : configuration.problems) err << problem.line() << "\n";
    return kExitUsage;
  }
  Signals signals;  // before any thread starts
  const base::Log log(configuration.settings.log_format, configuration.settings.log_level);
  for (const Problem& problem : configuration.problems) {
    log.warning("configuration.warning",
                {{"setting", problem.where}, {"message", problem.message}});
  }
  const std::string address = configuration.settings.listen_address;
  const std::string base_path = configuration.settings.base_path;
  const std::string scheme = configuration.settings.has_tls() ? "https://" : "http://";
  const bool sandboxed = configuration.settings.sandbox;
  try {
    const UsedFiles files = used_files(configuration.settings);
    Gateway gateway(std::move(configuration.settings));
    // Its sockets are bound and its keys are read, and it has no thread yet.
    give_up_rights(files, sandboxed, log);
    gateway.start();
    const std::string place =
        net::is_unix(address)
            ? address + " "
            : scheme + base::host_port(reachable_address(address), gateway.port());
    out << "Sallyport is ready: " << place << base_path << std::endl;
    int number = signals.wait();
    for (; number == SIGHUP; number = signals.wait()) {
      log.info("gateway.reload", {{"signal", number}});
      gateway.reload();
    }
    signals.next_one_exits();
    log.info("gateway.stopping", {{"signal", number}});
    gateway.stop();
  } catch (const std::exception& failure) {
    err << "Sallyport could not start: " << failure.what() << "\n";
    return kExitCannotStart;
  }
  return kExitOk;
}

}  // namespace

int run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
        std::ostream& out, std::ostream& err) {
  const CommandLine line = parse_command_line(arguments);
  if (!line.problems.empty()) {
    for (const Problem& problem : line.problems) err << problem.line() << "\n";
    return kExitUsage;
  }
  switch (line.command) {
    case Command::kServe:
      return serve(line, environment, out, err);
    case Command::kCheck:
      return check(line, environment, out);
    case Command::kExplain:
      return explain(line, environment, out, err);
    case Command::kHealth:
      return health(line, environment, out, err);
    case Command::kReference:
      out << reference_page();
      return kExitOk;
    case Command::kVersion:
      out << "sallyport " << kVersion << "\n";
      return kExitOk;
    case Command::kHelp:
      out << line.help;
      return kExitOk;
  }
  return kExitUsage;
}

}  // namespace sallyport::app
