#include "app/metrics_endpoint.h"

#include <utility>

#include "app/process_readings.h"
#include "web/embedded.h"

namespace sallyport::app {

MetricsEndpoint::MetricsEndpoint(const std::string& address, unsigned port,
                                 net::ReaderThreads& readers, MetersByThread& meters,
                                 net::Workers& workers, const base::Log& log, Readings readings)
    : meters_(meters),
      workers_(workers),
      readings_(std::move(readings)),
      assets_({}),
      pages_({.index = {}, .error = web::embedded_template("error.html")}, assets_, {}),
      http_({.routes = web::kMetricsRoutes, .metrics = [this] { return scrape(); }}, readers,
            pages_, assets_, log, {}),
      listener_(*readers.all().front(), readers, log, net::ListenAt{address, port},
                [this](net::Stream stream, net::ReaderThread& reader) {
                  http_.serve(std::move(stream), reader);
                }) {}

void MetricsEndpoint::close() {
  listener_.close();
  http_.close();
}

net::Task<web::Reply> MetricsEndpoint::scrape() {
  auto parts = co_await meters_.gather();
  // Putting hundreds of targets into words takes milliseconds, which are no reader thread's to
  // spend.
  auto text = co_await workers_.run([this, parts = std::move(parts)] {
    metrics::Snapshot all;
    for (const metrics::Snapshot& part : parts) all.add(part);
    auto readings = readings_();
    for (auto& reading : process_readings()) readings.push_back(std::move(reading));
    return metrics::exposition(all, readings);
  });
  web::Reply reply;
  reply.type = metrics::kExpositionType;
  reply.fields = {{"Cache-Control", "no-store"}};
  reply.text = std::move(text);
  co_return reply;
}

}  // namespace sallyport::app
