#include "app/gateway.h"

#include <boost/asio/post.hpp>
#include <fstream>
#include <future>
#include <stdexcept>
#include <utility>

#include "app/clients.h"
#include "app/meters_by_thread.h"
#include "app/metrics_endpoint.h"
#include "app/own_listeners.h"
#include "app/setting_values.h"
#include "app/version.h"
#include "net/listener.h"
#include "net/reader_threads.h"
#include "net/tls_certificates.h"
#include "net/workers.h"
#include "policy/grant.h"
#include "session/opener.h"
#include "session/registry.h"
#include "ssh/host_keys.h"
#include "web/assets.h"
#include "web/embedded.h"
#include "web/http_server.h"
#include "web/pages.h"
#include "web/terminal_sockets.h"

namespace sallyport::app {
namespace {

// Threads. A name may take the resolver's whole patience, the file takes milliseconds, and a key
// with a passphrase takes a processor.
constexpr unsigned kNameWorkers = 8;
constexpr unsigned kFileWorkers = 2;
constexpr unsigned kKeyWorkers = 2;

// How often it is looked whether a certificate was renewed, which happens every few weeks.
constexpr std::chrono::seconds kCertificateInterval{5};

// For sockets that are closed without another word to be gone.
constexpr std::chrono::seconds kLastGrace{1};

// No identity file is longer; the same limit that `open` has for a pasted key.
constexpr std::size_t kIdentityLimit = 32 * 1024;

base::Secret read_identity(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("The identity file " + file.string() + " cannot be read.");
  std::string text(kIdentityLimit + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kIdentityLimit) {
    base::wipe(text);
    throw std::runtime_error("The identity file " + file.string() + " is too long to be a key.");
  }
  return base::Secret::take(text);
}

std::vector<session::Preset> presets_of(const Settings& settings) {
  std::vector<session::Preset> presets;
  for (const auto& host : settings.hosts) {
    presets.push_back(
        {host.name, host.address, host.port, host.user,
         host.identity_file.empty() ? base::Secret() : read_identity(host.identity_file),
         host.legacy});
  }
  return presets;
}

session::OpenerOptions opener_options(const Settings& settings) {
  return {settings.host_keys,
          settings.resolve_timeout,
          settings.connect_timeout,
          {settings.handshake_timeout, settings.authenticate_timeout, settings.shell_timeout,
           settings.keepalive, settings.dead_after},
          static_cast<unsigned>(settings.ssh_window_bytes),
          {settings.window_bytes,
           settings.log_bytes,
           settings.watchers,
           {settings.hold, settings.detached_limit, settings.idle_limit, settings.time_limit}}};
}

std::unique_ptr<net::TlsCertificates> certificates_of(const Settings& settings,
                                                      net::Workers& workers, const base::Log& log) {
  if (!settings.has_tls()) return nullptr;
  return std::make_unique<net::TlsCertificates>(settings.tls, workers, log);
}

std::vector<policy::Network> listed_proxies(const Settings& settings) {
  std::vector<policy::Network> listed;
  for (const std::string& text : settings.trusted_proxies) {
    if (auto network = policy::Network::parse(text)) listed.push_back(*network);
  }
  return listed;
}

web::OpeningOptions opening_options(const Settings& settings,
                                    const net::TlsCertificates* certificates) {
  web::OpeningOptions options{.proxies = web::Proxies(listed_proxies(settings)),
                              .proxy_protocol = settings.proxy_protocol,
                              .timeout = settings.tls_handshake_timeout};
  if (certificates) options.tls = [certificates] { return certificates->current(); };
  return options;
}

web::Boot boot_of(const Settings& settings) {
  web::Boot boot{std::string(kVersion), {}};
  for (const auto& host : settings.hosts) {
    boot.presets.push_back({host.name, host.address, host.port, host.user,
                            !host.identity_file.empty(), host.clipboard});
  }
  return boot;
}

std::vector<boost::asio::ip::tcp::endpoint> listeners(const net::Listener& browsers,
                                                      const MetricsEndpoint* metrics) {
  std::vector<boost::asio::ip::tcp::endpoint> all;
  // A Unix socket is no target.
  if (browsers.local_endpoint().port() != 0) all.push_back(browsers.local_endpoint());
  if (metrics) all.push_back(metrics->local_endpoint());
  return all;
}

}  // namespace

struct Gateway::Parts {
  Settings settings;
  base::Log log;
  // One thread with one event loop per core; a connection lives on one of them.
  std::unique_ptr<net::ReaderThreads> readers;
  // What each of them measures.
  MetersByThread meters;
  // Threads for what blocks.
  std::unique_ptr<net::Workers> names;
  std::unique_ptr<net::Workers> files;
  std::unique_ptr<net::Workers> keys;
  // What they are secured with, when it is not a proxy that does it.
  std::unique_ptr<net::TlsCertificates> certificates;
  // Where browsers come in; bound first, because the policy must know the gateway's own address.
  std::unique_ptr<net::Listener> listener;
  // Where the monitoring reads, if anywhere.
  std::unique_ptr<MetricsEndpoint> metrics;
  // Which hosts may be dialled, and which keys they must show.
  policy::Policy policy;
  ssh::HostKeys host_keys;
  // Who is counted, and how much of it all one client may have.
  Clients clients;
  policy::Headcount connections;
  session::LoginLimits limits;
  // How many shells there are, and the way to a new one.
  session::Registry registry;
  session::Opener opener;
  // Browsers' terminals, and the pages they come from.
  web::TerminalSockets terminals;
  web::Assets assets;
  web::Pages pages;
  web::HttpServer http;
  bool running = false;

  explicit Parts(Settings s);
  ~Parts();
  std::unique_ptr<MetricsEndpoint> metrics_endpoint();
  void welcome(net::Stream stream, net::ReaderThread& reader);
};

Gateway::Parts::Parts(Settings s)
    : settings(std::move(s)),
      log(settings.log_format, settings.log_level),
      readers(std::make_unique<net::ReaderThreads>(settings.threads)),
      meters(*readers),
      names(std::make_unique<net::Workers>(kNameWorkers)),
      files(std::make_unique<net::Workers>(kFileWorkers)),
      keys(std::make_unique<net::Workers>(kKeyWorkers)),
      certificates(certificates_of(settings, *files, log)),
      listener(std::make_unique<net::Listener>(
          *readers->all().front(), *readers, log,
          net::ListenAt{settings.listen_address, settings.listen_port, settings.listen_mode},
          [this](net::Stream stream, net::ReaderThread& reader) {
            welcome(std::move(stream), reader);
          })),
      metrics(metrics_endpoint()),
      policy(settings.targets, own_listeners(listeners(*listener, metrics.get()))),
      host_keys(settings.known_hosts),
      clients(listed_proxies(settings)),
      connections(settings.max_connections, settings.connections_by_client),
      limits{policy::LoginBrakes({.free = settings.login_failures,
                                  .first = settings.login_delay,
                                  .most = settings.login_delay_most,
                                  .forget = settings.login_forget}),
             {settings.max_logins, settings.logins_by_client},
             {settings.max_sessions, settings.sessions_by_client}},
      registry(settings.max_sessions, settings.log_memory_bytes),
      opener(
          opener_options(settings), policy, host_keys, {*names, *files, *keys}, registry, limits,
          [this](const net::Executor& executor, std::string_view host, unsigned port) -> auto& {
            return meters.on(executor).target(host, port);
          },
          presets_of(settings)),
      terminals({settings.first_frame_timeout, settings.prompt_timeout, settings.ping_interval,
                 settings.silent_after, [this](const net::Peer& peer) { return clients.key(peer); },
                 [this](const net::Executor& executor, const base::Failure& failure) {
                   meters.on(executor).failed(failure);
                 }},
                *readers, opener, registry, log),
      assets(web::embedded_assets()),
      pages({web::embedded_template("index.html"), web::embedded_template("error.html")}, assets,
            boot_of(settings), join_list(settings.frame_ancestors, " ")),
      http({.opening = opening_options(settings, certificates.get()),
            .base_path = settings.base_path,
            .origins = settings.origins,
            .header_timeout = settings.header_timeout},
           *readers, pages, assets, log,
           [this](net::Stream stream, web::Request request, net::ReaderThread& reader) {
             terminals.start(std::move(stream), std::move(request), reader);
           }) {}

// A connection beyond the limits is closed before a byte of it is read.
void Gateway::Parts::welcome(net::Stream stream, net::ReaderThread& reader) {
  auto taken = connections.take(clients.key(stream.peer()));
  if (!taken.place) {
    log.debug("http.too_many_connections", {{"peer", stream.peer().text()}});
    reader.add_load(-1);
    return;
  }
  stream.keep(std::move(taken.place));
  http.serve(std::move(stream), reader);
}

std::unique_ptr<MetricsEndpoint> Gateway::Parts::metrics_endpoint() {
  if (settings.metrics_address.empty()) return nullptr;
  const auto readings = [this]() -> std::vector<metrics::Reading> {
    const auto count = [](std::size_t number) { return static_cast<double>(number); };
    return {
        {.name = "sallyport_build_info",
         .help = "Which Sallyport this is; always 1.",
         .value = 1,
         .labels = {{"version", std::string(kVersion)}}},
        {"sallyport_reader_threads", "Threads that carry terminals.", count(readers->all().size())},
        {"sallyport_sessions", "Shells, those that are being opened too.", count(registry.size())},
        {"sallyport_sessions_limit", "The most there may be.", count(registry.limit())},
        {"sallyport_detached_sessions", "Those of them that nobody has the keyboard of.",
         count(registry.detached())},
        {"sallyport_log_bytes", "Memory of all kept output.", count(registry.log_bytes())},
        {"sallyport_log_limit_bytes", "The most it may be.", count(registry.log_limit())},
        {"sallyport_terminal_sockets", "Browsers' terminal sockets.", count(terminals.size())},
        {"sallyport_http_connections", "Browsers' other connections.", count(http.connections())},
    };
  };
  return std::make_unique<MetricsEndpoint>(settings.metrics_address, settings.metrics_port,
                                           *readers, meters, *files, log, readings);
}

Gateway::Parts::~Parts() {
  // What still waits in an event loop refers to the parts, so the loops go first: their threads,
  // then the workers that may post to them, then the loops with all that is left in them.
  readers->stop();
  listener.reset();
  keys.reset();
  files.reset();
  names.reset();
  metrics.reset();
  registry.clear();
  readers.reset();
}

Gateway::Gateway(Settings settings) : parts_(std::make_unique<Parts>(std::move(settings))) {}

Gateway::~Gateway() { stop(); }

void Gateway::start() {
  parts_->running = true;
  if (parts_->certificates)
    parts_->certificates->watch(*parts_->readers->all().front(), kCertificateInterval);
  for (auto* workers : {&parts_->names, &parts_->files, &parts_->keys}) (*workers)->begin();
  parts_->listener->start();
  if (parts_->metrics) {
    parts_->metrics->start();
    parts_->log.info("metrics.ready", {{"port", metrics_port()}});
  }
  parts_->readers->start();
}

void Gateway::stop() {
  if (!std::exchange(parts_->running, false)) return;
  std::promise<void> closed;
  boost::asio::post(parts_->readers->all().front()->executor(), [this, &closed] {
    parts_->listener->close();
    closed.set_value();
  });
  closed.get_future().wait();
  parts_->http.stop();
  if (parts_->metrics) parts_->metrics->stop();
  // Browsers first, so that each is told why; then the sessions, which would outlive them.
  parts_->terminals.stop();
  parts_->registry.hang_up_all();
  if (!parts_->terminals.wait_until_closed(parts_->settings.stop_grace)) {
    parts_->log.warning("gateway.stop", {{"still_open", parts_->terminals.size()}});
    parts_->terminals.stop();  // the second time it does not wait for an answer
    parts_->terminals.wait_until_closed(kLastGrace);
  }
  parts_->registry.wait_until_empty(kLastGrace);
  parts_->http.close();
  if (parts_->metrics) parts_->metrics->close();
  parts_->readers->stop();
}

void Gateway::reload() {
  if (parts_->certificates) parts_->certificates->reload();
}

unsigned Gateway::port() const { return parts_->listener->local_endpoint().port(); }

unsigned Gateway::metrics_port() const {
  return parts_->metrics ? parts_->metrics->local_endpoint().port() : 0;
}

std::size_t Gateway::sessions() const { return parts_->registry.size(); }

std::size_t Gateway::connections() const { return parts_->terminals.size(); }

}  // namespace sallyport::app
