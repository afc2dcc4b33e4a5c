#include "web/http_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <unordered_set>
#include <utility>

#include "net/deadline.h"
#include "net/spawn.h"
#include "web/answers.h"
#include "web/request_reader.h"

namespace sallyport::web {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// After an answer that closes the connection, the peer's unread bytes are read and dropped for so
// long: closing on them would send a reset that can overtake the answer (RFC 9112, section 9.6).
constexpr std::chrono::milliseconds kLinger{2'000};
constexpr std::size_t kLingerBytes = 256 * 1024;
constexpr std::size_t kLoggedPath = 200;  // bytes of a path that a log line holds

}  // namespace

// What connections share. They keep it alive: some are destroyed with their reader thread, after
// the server.
struct HttpServer::Shared {
  Shared(HttpOptions o, net::ReaderThreads& r, const Pages& pages, const Assets& assets,
         const base::Log& l, OnUpgrade u)
      : options(std::move(o)),
        answers(pages, assets, options.origins, options.routes, options.base_path),
        readers(r),
        log(l),
        on_upgrade(std::move(u)),
        open(r.all().size()) {}

  class Connection;
  HttpOptions options;
  Answers answers;
  net::ReaderThreads& readers;
  const base::Log& log;
  OnUpgrade on_upgrade;
  // One set for each reader thread, touched only there.
  std::vector<std::unordered_set<Connection*>> open;
  std::atomic<std::size_t> count{0};
  std::atomic<bool> stopping{false};
};

// One connection, from accept to close or upgrade: a local variable of its coroutine.
class HttpServer::Shared::Connection {
 public:
  Connection(Shared& shared, net::Stream stream, net::ReaderThread& reader, std::string& peer)
      : shared_(shared),
        reader_(reader),
        stream_(std::move(stream)),
        peer_(peer),
        requests_(stream_, kHeaderLimit, kBodyLimit) {
    shared_.open[reader_.number()].insert(this);
    ++shared_.count;
  }
  ~Connection() {
    shared_.open[reader_.number()].erase(this);
    --shared_.count;
    reader_.add_load(-1);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  net::Task<> run();
  void close() {
    error_code ignored;
    stream_.close(ignored);
  }
  bool idle() const { return idle_; }

 private:
  net::Task<bool> respond(const Answer& answer, const Request* request, bool keep_alive);
  net::Task<> refuse(Refusal refusal);
  net::Task<> linger();
  void log_answer(const Answer& answer, const Request* request) const;

  Shared& shared_;
  net::ReaderThread& reader_;
  net::Stream stream_;
  std::string& peer_;  // who asks, for the log
  RequestReader requests_;
  bool idle_ = false;
};

net::Task<> HttpServer::Shared::Connection::run() {
  idle_ = true;
  const Opening opening = co_await open_stream(stream_, shared_.options.opening, shared_.log);
  idle_ = false;
  switch (opening) {
    case Opening::kGone:
      co_return;
    case Opening::kPlainHttp:
      co_await refuse(
          {400, "plain-http", "This address speaks HTTPS only: open it with https:// in front."});
      co_return;
    case Opening::kPlain:
    case Opening::kSecure:
      break;
  }
  const Caller direct{stream_.peer(), opening == Opening::kSecure, {}};
  peer_ = direct.peer.text();
  // The first request's time runs from here, the others' from their first byte.
  const auto began = std::chrono::steady_clock::now();
  bool first = true;
  while (true) {
    const HttpOptions& limits = shared_.options;
    idle_ = true;
    const bool begun = co_await requests_.wait(first ? limits.header_timeout : limits.idle_timeout);
    idle_ = false;
    if (!begun) co_return;

    auto limit = limits.header_timeout;
    if (std::exchange(first, false)) {
      limit -=
          std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    }
    auto outcome = co_await requests_.read(std::max(limit, std::chrono::milliseconds(0)));
    if (std::holds_alternative<RequestReader::Gone>(outcome)) co_return;
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
      co_await refuse(*refusal);
      co_return;
    }
    auto& received = std::get<RequestReader::Received>(outcome);
    const Caller caller = limits.opening.proxies.caller(received.request, direct);
    peer_ = caller.peer.text();
    Answer answer = shared_.answers.to(received.request, caller, shared_.stopping);
    if (answer.upgrade && requests_.has_begun()) {
      // RFC 6455, section 4.1: a client sends nothing before it has the answer.
      answer = shared_.answers.refuse(
          {400, "early-frames", "The client must wait for the answer to its upgrade."});
    }
    if (answer.upgrade) {
      stream_.set_peer(caller.peer);
      shared_.on_upgrade(std::move(stream_), std::move(received.request), reader_);
      co_return;
    }
    if (answer.metrics) answer.reply = co_await shared_.options.metrics();
    const bool keep_alive = received.request.keep_alive() && !received.content_unread &&
                            !answer.close && !shared_.stopping;
    const bool sent = co_await respond(answer, &received.request, keep_alive);
    if (!sent) co_return;
    if (!keep_alive || shared_.stopping) {  // stop() may have come during the answer
      co_await linger();
      co_return;
    }
  }
}

net::Task<> HttpServer::Shared::Connection::refuse(Refusal refusal) {
  const Answer refused = shared_.answers.refuse(refusal);
  const bool sent = co_await respond(refused, nullptr, false);
  if (sent) co_await linger();
}

// False when it could not be written: the connection is of no more use.
net::Task<bool> HttpServer::Shared::Connection::respond(const Answer& answer,
                                                        const Request* request, bool keep_alive) {
  log_answer(answer, request);
  const std::string head = head_of(answer.reply, keep_alive, stream_.tls() != nullptr);
  const bool head_only =
      answer.reply.status == 304 || (request != nullptr && request->method() == http::verb::head);
  const std::string_view body = head_only ? std::string_view() : answer.reply.body();
  const auto limit = shared_.options.write_timeout +
                     std::chrono::seconds(body.size() / shared_.options.slowest_reader);
  const net::Deadline deadline(stream_.get_executor(), limit, [this] { close(); });
  const std::array buffers{asio::buffer(head), asio::buffer(body)};
  error_code error;
  co_await asio::async_write(stream_, buffers, asio::redirect_error(net::use_task, error));
  co_return !error;
}

net::Task<> HttpServer::Shared::Connection::linger() {
  error_code error;
  stream_.end_writing(error);
  if (error) co_return;
  idle_ = true;
  const net::Deadline deadline(stream_.get_executor(), kLinger, [this] { close(); });
  std::array<char, 4096> dropped;
  for (std::size_t total = 0; total < kLingerBytes;) {
    total += co_await stream_.async_read_some(asio::buffer(dropped),
                                              asio::redirect_error(net::use_task, error));
    if (error) co_return;
  }
}

void HttpServer::Shared::Connection::log_answer(const Answer& answer,
                                                const Request* request) const {
  const std::string_view method =
      request != nullptr ? view(request->method_string()) : std::string_view("-");
  // Never the query: people put secrets there, and we have no use for one.
  std::string_view path = request != nullptr ? view(request->target()) : std::string_view("-");
  path = path.substr(0, std::min(path.find('?'), kLoggedPath));
  if (!answer.refused.empty()) {
    shared_.log.info("http.refused", {{"reason", answer.refused},
                                      {"status", answer.reply.status},
                                      {"peer", peer_},
                                      {"method", method},
                                      {"path", path}});
    return;
  }
  shared_.log.debug("http.request", {{"method", method},
                                     {"path", path},
                                     {"status", answer.reply.status},
                                     {"bytes", answer.reply.body().size()},
                                     {"peer", peer_}});
}

HttpServer::HttpServer(HttpOptions options, net::ReaderThreads& readers, const Pages& pages,
                       const Assets& assets, const base::Log& log, OnUpgrade on_upgrade)
    : shared_(std::make_shared<Shared>(std::move(options), readers, pages, assets, log,
                                       std::move(on_upgrade))) {}

HttpServer::~HttpServer() = default;

void HttpServer::serve(net::Stream stream, net::ReaderThread& reader) {
  const auto run = [](std::shared_ptr<Shared> shared, net::Stream taken,
                      net::ReaderThread& on) -> net::Task<> {
    std::string peer = taken.peer().text();
    {
      Shared::Connection connection(*shared, std::move(taken), on, peer);
      co_await connection.run();
    }
    shared->log.debug("http.done", {{"peer", peer}, {"open", shared->count.load()}});
  };
  net::spawn(reader.executor(), shared_->log, "http.connection",
             run(shared_, std::move(stream), reader));
}

void HttpServer::stop() {
  shared_->stopping = true;
  for (auto& reader : shared_->readers.all()) {
    asio::post(reader->executor(), [shared = shared_, number = reader->number()] {
      for (auto* connection : shared->open[number]) {
        if (connection->idle()) connection->close();
      }
    });
  }
}

void HttpServer::close() {
  shared_->stopping = true;
  for (auto& reader : shared_->readers.all()) {
    asio::post(reader->executor(), [shared = shared_, number = reader->number()] {
      for (auto* connection : shared->open[number]) connection->close();
    });
  }
}

std::size_t HttpServer::connections() const { return shared_->count; }

}  // namespace sallyport::web
