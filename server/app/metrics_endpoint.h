#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/meters_by_thread.h"
#include "base/log.h"
#include "metrics/exposition.h"
#include "net/listener.h"
#include "net/reader_threads.h"
#include "net/workers.h"
#include "web/assets.h"
#include "web/http_server.h"
#include "web/pages.h"

namespace sallyport::app {

// GET /metrics and /healthz on a listener of their own, for the monitoring (docs/metrics.md).
class MetricsEndpoint {
 public:
  // What only the gateway knows. Called on a worker.
  using Readings = std::function<std::vector<metrics::Reading>()>;

  // Binds `address`:`port`, and throws as net::Listener does. What is passed by reference must
  // outlive the last run of every reader thread and worker.
  MetricsEndpoint(const std::string& address, unsigned port, net::ReaderThreads& readers,
                  MetersByThread& meters, net::Workers& workers, const base::Log& log,
                  Readings readings);

  boost::asio::ip::tcp::endpoint local_endpoint() const { return listener_.local_endpoint(); }
  void start() { listener_.start(); }
  // From any thread. Still answers, but /healthz says 503.
  void stop() { http_.stop(); }
  // From any thread: no connection any more.
  void close();

 private:
  net::Task<web::Reply> scrape();

  MetersByThread& meters_;
  net::Workers& workers_;
  Readings readings_;
  web::Assets assets_;
  web::Pages pages_;
  web::HttpServer http_;
  net::Listener listener_;
};

}  // namespace sallyport::app
