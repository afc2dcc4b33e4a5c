#include "app/explain.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <ostream>
#include <vector>

#include "app/own_listeners.h"
#include "app/setting_values.h"
#include "net/resolver.h"
#include "net/workers.h"
#include "ssh/dialer.h"

namespace sallyport::app {
namespace {

namespace ip = boost::asio::ip;
using Addresses = std::vector<ip::address>;

constexpr unsigned kSshPort = 22;
constexpr unsigned kMostPort = 65535;

base::Result<Addresses> look_up(const std::string& host, std::chrono::milliseconds limit) {
  boost::asio::io_context context(1);
  net::Workers names(1);
  auto found =
      boost::asio::co_spawn(context, net::resolve(names, host, limit), boost::asio::use_future);
  context.run();
  return found.get();
}

// What the gateway would listen on; a port that it would choose itself is not known before.
std::vector<policy::Endpoint> listeners_of(const Settings& settings) {
  std::vector<ip::tcp::endpoint> listeners;
  const auto add = [&](const std::string& text, unsigned port) {
    boost::system::error_code wrong;
    const auto address = ip::make_address(text, wrong);
    if (!wrong && port != 0) listeners.emplace_back(address, static_cast<ip::port_type>(port));
  };
  add(settings.listen_address, settings.listen_port);
  add(settings.metrics_address, settings.metrics_port);
  return own_listeners(listeners);
}

}  // namespace

std::expected<ExplainTarget, std::string> parse_explain_target(std::string_view text) {
  ExplainTarget target;
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) {
      return std::unexpected(in_quotes(text) + " has no closing bracket");
    }
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (const auto colon = text.find(':');
             colon != std::string_view::npos &&
             text.find(':', colon + 1) == std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (host.empty()) return std::unexpected(in_quotes(text) + " names no host: write HOST[:PORT]");
  target.host = host;
  target.port = kSshPort;
  if (port.empty()) return target;
  const auto number = port.starts_with(':') ? parse_count(port.substr(1), 1, kMostPort)
                                            : Parsed<std::uint64_t>(std::unexpected(std::string()));
  if (!number) {
    return std::unexpected("the port of " + in_quotes(text) + " must be 1 to 65535");
  }
  target.port = static_cast<unsigned>(*number);
  return target;
}

bool explain(const ExplainTarget& asked, const Settings& settings, std::ostream& out) {
  ExplainTarget target = asked;
  const auto preset = std::ranges::find(settings.hosts, asked.host, &Preset::name);
  const bool is_preset = preset != settings.hosts.end();
  if (is_preset) target = {preset->address, preset->port};
  out << base::host_port(target.host, target.port)
      << (is_preset ? ", the host " + in_quotes(preset->name) + " of the login page" : "") << "\n";

  const auto found = look_up(target.host, settings.resolve_timeout);
  if (!found) {
    out << "  " << found.error().message << "\n";
    return false;
  }
  const policy::Policy policy(settings.targets, listeners_of(settings));
  bool any = false;
  for (const auto& address : *found) {
    const policy::Endpoint endpoint{ssh::to_policy(address), target.port};
    const auto verdict = policy.judge(target.host, endpoint, is_preset);
    any = any || verdict.allowed;
    out << "  " << endpoint.address.text() << (verdict.allowed ? " allowed: " : " refused: ")
        << verdict.why << "\n";
  }
  const auto named = std::ranges::find_if(settings.hosts, [&](const Preset& host) {
    return host.address == target.host && host.port == target.port;
  });
  if (!any && !is_preset && named != settings.hosts.end()) {
    out << "  As " << in_quotes(named->name)
        << " of the login page it may be allowed: sallyport explain " << in_quotes(named->name)
        << "\n";
  }
  return any;
}

}  // namespace sallyport::app
