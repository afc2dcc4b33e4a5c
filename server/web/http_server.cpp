#include "web/http_server.h"

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <unordered_set>
#include <utility>

#include "base/failure.h"
#include "net/deadline.h"
#include "net/spawn.h"
#include "web/assets.h"
#include "web/field_list.h"
#include "web/health.h"
#include "web/origin.h"
#include "web/pages.h"
#include "web/request_reader.h"
#include "web/router.h"
#include "web/upgrade.h"

namespace sallyport::web {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// After an answer that closes the connection, the peer's unread bytes are read and dropped for so
// long: closing on them would send a reset that can overtake the answer (RFC 9112, section 9.6).
constexpr std::chrono::milliseconds kLinger{2'000};
constexpr std::size_t kLingerBytes = 256 * 1024;
constexpr std::size_t kSlowestReader = 8 * 1024;  // bytes a second a client takes at the least
constexpr std::size_t kLoggedPath = 200;          // bytes of a path that a log line holds

std::string peer_of(const net::Socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "gone";
  return base::host_port(endpoint.address().to_string(), endpoint.port());
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

std::optional<std::string_view> field(const Request& request, http::field name) {
  const auto found = request.find(name);
  if (found == request.end()) return std::nullopt;
  return view(found->value());
}

// All fields of one name as one list (RFC 9110, section 5.3).
std::string joined(const Request& request, http::field name) {
  std::string list;
  for (auto [at, end] = request.equal_range(name); at != end; ++at) {
    if (!list.empty()) list += ", ";
    list += view(at->value());
  }
  return list;
}

UpgradeFields upgrade_fields(const Request& request, const Target& target) {
  UpgradeFields fields;
  fields.http_1_1 = request.version() == 11;
  fields.host = target.authority.value_or(field(request, http::field::host).value_or(""));
  if (request.count(http::field::origin) == 1) fields.origin = *field(request, http::field::origin);
  fields.connection = joined(request, http::field::connection);
  fields.upgrade = joined(request, http::field::upgrade);
  fields.version = joined(request, http::field::sec_websocket_version);
  fields.key = joined(request, http::field::sec_websocket_key);
  fields.protocols = joined(request, http::field::sec_websocket_protocol);
  return fields;
}

}  // namespace

// What connections share. They keep it alive: some are destroyed with their reader thread, after
// the server.
struct HttpServer::Shared {
  Shared(HttpOptions o, net::ReaderThreads& r, const Pages& p, const Assets& a, const base::Log& l,
         OnUpgrade u)
      : options(std::move(o)),
        origins(options.origins),
        readers(r),
        pages(p),
        assets(a),
        log(l),
        on_upgrade(std::move(u)),
        open(r.all().size()) {}

  class Connection;
  // What a request is answered with, or the news that it may have the socket.
  struct Answer {
    Reply reply = {};
    std::string_view refused = {};  // the reason, for the log
    bool upgrade = false;
  };
  Answer answer(const Request& request) const;
  Answer refuse(const Refusal& refusal, bool html) const;

  HttpOptions options;
  OriginRule origins;
  net::ReaderThreads& readers;
  const Pages& pages;
  const Assets& assets;
  const base::Log& log;
  OnUpgrade on_upgrade;
  std::vector<std::unordered_set<Connection*>>
      open;  // one set for each reader thread, touched only there
  std::atomic<std::size_t> count{0};
  std::atomic<bool> stopping{false};
};

// One connection, from accept to close or upgrade: a local variable of its coroutine.
class HttpServer::Shared::Connection {
 public:
  Connection(Shared& shared, net::Socket socket, net::ReaderThread& reader)
      : shared_(shared),
        reader_(reader),
        socket_(std::move(socket)),
        peer_(peer_of(socket_)),
        requests_(socket_, {kHeaderLimit, kBodyLimit, shared.options.header_timeout}) {
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
    socket_.close(ignored);
  }
  bool idle() const { return idle_; }

 private:
  net::Task<bool> respond(const Answer& answer, const Request* request, bool keep_alive);
  net::Task<> linger();
  void log_answer(const Answer& answer, const Request* request) const;

  Shared& shared_;
  net::ReaderThread& reader_;
  net::Socket socket_;
  std::string peer_;
  RequestReader requests_;
  bool idle_ = false;
};

HttpServer::Shared::Answer HttpServer::Shared::refuse(const Refusal& refusal, bool html) const {
  return {.reply = pages.error(refusal.status, refusal.sentence, html), .refused = refusal.reason};
}

HttpServer::Shared::Answer HttpServer::Shared::answer(const Request& request) const {
  const bool html = joined(request, http::field::accept).find("text/html") != std::string::npos;
  const auto target = parse_target(view(request.target()));
  if (!target) return refuse({400, "target", "The address in the request is malformed."}, html);
  const Match match = find_route(view(request.method_string()), target->path);
  if (match.route == nullptr)
    return {.reply = pages.error(404, "There is nothing at this address.", html)};
  if (!match.method_allowed) {
    Answer wrong{.reply = pages.error(405, "This address cannot be asked in that way.", html)};
    wrong.reply.fields.emplace_back("Allow", allowed_methods(*match.route));
    return wrong;
  }
  if (match.route->needs == Needs::kUpgradeFromOurPage) {
    if (const auto refusal = refuse_upgrade(upgrade_fields(request, *target), origins)) {
      Answer refused = refuse(*refusal, html);
      if (refusal->status == 426) {  // RFC 9110, section 15.5.22, and RFC 6455, section 4.4
        refused.reply.fields.emplace_back("Upgrade", "websocket");
        refused.reply.fields.emplace_back("Sec-WebSocket-Version", "13");
      }
      return refused;
    }
    if (stopping) return refuse({503, "stopping", "The gateway is stopping."}, html);
  }
  switch (match.route->handler) {
    case Handler::kPage:
      return {.reply = pages.index()};
    case Handler::kHealth:
      return {.reply = health(stopping)};
    case Handler::kTerminalSocket:
      return {.upgrade = true};
    case Handler::kAsset:
      break;
  }
  const AssetQuery query{.accept_encoding = field(request, http::field::accept_encoding),
                         .if_none_match = field(request, http::field::if_none_match)};
  if (auto reply = assets.reply(target->path, query)) return {.reply = std::move(*reply)};
  return {.reply = pages.error(404, "There is nothing at this address.", html)};
}

net::Task<> HttpServer::Shared::Connection::run() {
  auto patience =
      shared_.options
          .header_timeout;  // for the first request's first byte; then it is the idle timeout
  while (true) {
    idle_ = true;
    const bool begun = co_await requests_.wait(patience);
    idle_ = false;
    if (!begun) co_return;
    patience = shared_.options.idle_timeout;

    auto outcome = co_await requests_.read();
    if (std::holds_alternative<RequestReader::Gone>(outcome)) co_return;
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
      const Answer refused = shared_.refuse(*refusal, false);
      const bool sent = co_await respond(refused, nullptr, false);
      if (sent) co_await linger();
      co_return;
    }
    auto& received = std::get<RequestReader::Received>(outcome);
    Answer answer = shared_.answer(received.request);
    if (answer.upgrade && requests_.has_begun()) {
      // RFC 6455, section 4.1: a client sends nothing before it has the answer.
      answer = shared_.refuse(
          {400, "early-frames", "The client must wait for the answer to its upgrade."}, false);
    }
    if (answer.upgrade) {
      shared_.on_upgrade(std::move(socket_), std::move(received.request), reader_);
      co_return;
    }
    const bool keep_alive =
        received.request.keep_alive() && !received.content_unread && !shared_.stopping;
    const bool sent = co_await respond(answer, &received.request, keep_alive);
    if (!sent) co_return;
    if (!keep_alive) {
      co_await linger();
      co_return;
    }
  }
}

// False when it could not be written: the connection is of no more use.
net::Task<bool> HttpServer::Shared::Connection::respond(const Answer& answer,
                                                        const Request* request, bool keep_alive) {
  log_answer(answer, request);
  const std::string head = head_of(answer.reply, keep_alive);
  const bool head_only =
      answer.reply.status == 304 || (request != nullptr && request->method() == http::verb::head);
  const std::string_view body = head_only ? std::string_view() : answer.reply.body();
  const auto limit =
      shared_.options.write_timeout + std::chrono::seconds(body.size() / kSlowestReader);
  const net::Deadline deadline(socket_.get_executor(), limit, [this] { close(); });
  const std::array buffers{asio::buffer(head), asio::buffer(body)};
  error_code error;
  co_await asio::async_write(socket_, buffers, asio::redirect_error(net::use_task, error));
  co_return !error;
}

net::Task<> HttpServer::Shared::Connection::linger() {
  error_code error;
  socket_.shutdown(net::Socket::shutdown_send, error);
  if (error) co_return;
  idle_ = true;
  const net::Deadline deadline(socket_.get_executor(), kLinger, [this] { close(); });
  std::array<char, 4096> dropped;
  for (std::size_t total = 0; total < kLingerBytes;) {
    total += co_await socket_.async_read_some(asio::buffer(dropped),
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

void HttpServer::serve(net::Socket socket, net::ReaderThread& reader) {
  const auto run = [](std::shared_ptr<Shared> shared, net::Socket taken,
                      net::ReaderThread& on) -> net::Task<> {
    Shared::Connection connection(*shared, std::move(taken), on);
    co_await connection.run();
  };
  net::spawn(reader.executor(), shared_->log, "http.connection",
             run(shared_, std::move(socket), reader));
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
