#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "net/reader_threads.h"
#include "net/stream.h"
#include "net/task.h"
#include "web/http.h"
#include "web/reply.h"
#include "web/router.h"
#include "web/stream_opening.h"

namespace sallyport::web {

class Assets;
class Pages;

struct HttpOptions {
  OpeningOptions opening = {};  // plain or TLS, and the proxies in front
  std::string base_path = "/";  // as in answers.h
  // As in origin.h: who may open a socket, besides IP literals and localhost.
  std::vector<std::string> origins = {};
  std::chrono::milliseconds header_timeout{10'000};  // a whole request, the first from the start on
  std::chrono::milliseconds idle_timeout{60'000};    // between two requests of one connection
  std::chrono::milliseconds write_timeout{30'000};   // a response, and for its length:
  std::size_t slowest_reader = 8 * 1024;             // bytes a second, > 0
  std::span<const Route> routes = kRoutes;
  // Makes the reply to Handler::kMetrics, on the reader thread that was asked.
  std::function<net::Task<Reply>()> metrics = {};
};

// A request for the terminal socket that passed every check: it is a WebSocket upgrade (RFC 6455,
// section 4.2.1), comes from our own page and offers `sallyport.v1`. Nothing has been answered, no
// byte after the request has been read, and no deadline runs any more. Called on the reader's own
// thread; the connection's share of that reader's load is given back when it returns, so whoever
// keeps the socket counts itself (ReaderThread::add_load). The stream's peer() is who asked, once
// listed proxies were believed (web/proxies.h).
using OnUpgrade = std::function<void(net::Stream, Request, net::ReaderThread&)>;

// HTTP/1.1 (RFC 9110, RFC 9112) for the page, its assets, the health check and the way into the
// terminal socket. One connection is one coroutine on the reader thread that got it.
class HttpServer {
 public:
  static constexpr std::size_t kHeaderLimit = 16 * 1024;  // bytes of request line and fields
  static constexpr std::size_t kBodyLimit = 64 * 1024;    // bytes, read only to be dropped

  // `pages`, `assets` and `log` must outlive every reader thread's last run; throws
  // std::invalid_argument with a sentence when `options.origins` holds something that is no origin.
  HttpServer(HttpOptions options, net::ReaderThreads& readers, const Pages& pages,
             const Assets& assets, const base::Log& log, OnUpgrade on_upgrade);
  ~HttpServer();  // does not touch connections that still run; they keep what they need

  // Takes over an accepted connection, counted in the reader's load already (net::Listener does).
  // On the reader's own thread; returns at once.
  void serve(net::Stream stream, net::ReaderThread& reader);

  // From any thread. Idle connections are closed, a request under way is answered and is its
  // connection's last, /healthz says 503, upgrades are refused. Connections that come later get one
  // answer.
  void stop();
  // From any thread: closes what is left, in whatever state.
  void close();

  std::size_t connections()
      const;  // open HTTP connections; upgraded ones are not counted. Any thread.

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace sallyport::web
