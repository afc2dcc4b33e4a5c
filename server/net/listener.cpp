#include "net/listener.h"

#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/failure.h"
#include "net/address.h"
#include "net/spawn.h"
#include "net/unix_socket_file.h"

namespace sallyport::net {
namespace {

using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, Executor>;

// A wake takes at most so many, so that a storm of connections does not hold up the sessions of the
// accepting thread.
constexpr int kAcceptsPerWake = 32;
// Long enough not to spin, short enough that nobody notices when a descriptor is free again.
constexpr std::chrono::milliseconds kDescriptorPause{100};

asio::ip::tcp::endpoint parse(std::string address, unsigned port) {
  if (address.size() >= 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error) {
    throw std::runtime_error(address +
                             " is no address to listen on. Write one like 127.0.0.1 or [::1].");
  }
  if (port > 65535)
    throw std::runtime_error(std::to_string(port) + " is no port: the highest is 65535.");
  return {parsed, static_cast<std::uint16_t>(port)};
}

[[noreturn]] void refuse(const asio::ip::tcp::endpoint& endpoint, const error_code& error) {
  const std::string where = base::host_port(endpoint.address().to_string(), endpoint.port());
  switch (error.value()) {
    case EADDRINUSE:
      throw std::runtime_error(
          where + " is in use by another program. Stop that one, or listen on another port.");
    case EACCES:
      throw std::runtime_error(
          "This account may not listen on " + where +
          ". Ports below 1024 need the capability CAP_NET_BIND_SERVICE; take a higher one.");
    case EADDRNOTAVAIL:
      throw std::runtime_error(
          endpoint.address().to_string() +
          " is not an address of this machine. See `ip address` for those it has.");
    default:
      throw std::runtime_error("Cannot listen on " + where + ": " + error.message() + ".");
  }
}

// What accept(2) says when it is the machine that is short of something, not the connection that
// failed.
bool out_of_resources(const error_code& error) {
  return error.value() == EMFILE || error.value() == ENFILE || error.value() == ENOBUFS ||
         error.value() == ENOMEM;
}

}  // namespace

struct Listener::State {
  State(ReaderThread& accepts_on, ReaderThreads& all, const base::Log& to, OnSocket on)
      : thread(accepts_on),
        readers(all),
        log(to),
        acceptor(accepts_on.executor()),
        on_socket(std::make_shared<OnSocket>(std::move(on))) {}

  // Accepts what waits, up to kAcceptsPerWake; the error that ended it, if it was none of the usual
  // ones.
  error_code accept_some();

  ReaderThread& thread;
  ReaderThreads& readers;
  const base::Log& log;
  std::optional<UnixSocketFile> unix_socket;  // removed with the listener
  Acceptor acceptor;
  // Shared with what is posted to other threads: the acceptor must go with its own thread's loop,
  // and what another loop still holds when it ends would keep it beyond that.
  std::shared_ptr<OnSocket> on_socket;
  bool started = false;
};

Listener::Listener(ReaderThread& accepts_on, ReaderThreads& readers, const base::Log& log,
                   const ListenAt& where, OnSocket on_socket)
    : state_(std::make_shared<State>(accepts_on, readers, log, std::move(on_socket))) {
  Acceptor& acceptor = state_->acceptor;
  if (is_unix(where.address)) {
    state_->unix_socket.emplace(unix_path(where.address), where.unix_mode);
    error_code failed;
    acceptor.assign({AF_UNIX, 0}, state_->unix_socket->listen(Acceptor::max_listen_connections),
                    failed);
    if (!failed) acceptor.non_blocking(true, failed);
    if (failed) throw std::runtime_error(where.address + ": " + failed.message() + ".");
    return;
  }
  const auto endpoint = parse(where.address, where.port);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  // A restart must not wait for the old process's connections to leave TIME_WAIT.
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(Acceptor::max_listen_connections, error);
  if (!error) acceptor.non_blocking(true, error);
  if (error) refuse(endpoint, error);
}

Listener::~Listener() { close(); }

asio::ip::tcp::endpoint Listener::local_endpoint() const {
  error_code error;
  const auto endpoint = state_->acceptor.local_endpoint(error);
  if (error) return {};
  const auto address = address_of(*endpoint.data());
  if (!address) return {};
  return {*address, static_cast<std::uint16_t>(port_of(*endpoint.data()))};
}

void Listener::start() {
  state_->started = true;
  spawn(state_->thread.executor(), state_->log, "net.listener", accept_loop(state_));
}

void Listener::close() {
  error_code ignored;
  if (!state_->started) {
    state_->acceptor.close(ignored);
    return;
  }
  // At once when it is called there, so that the caller may count on it.
  asio::dispatch(state_->thread.executor(), [state = state_] {
    error_code already_closed;
    state->acceptor.close(already_closed);
  });
}

error_code Listener::State::accept_some() {
  for (int taken = 0; taken < kAcceptsPerWake; ++taken) {
    // Chosen at the accept, not when the wait began: the loads may have changed since.
    ReaderThread& reader = readers.least_loaded();
    error_code error;
    Stream::Socket socket = acceptor.accept(reader.executor(), error);
    if (error) return error == asio::error::would_block ? error_code{} : error;
    error_code peer_gone;  // then the first read says so
    socket.set_option(asio::ip::tcp::no_delay(true), peer_gone);
    reader.add_load(1);
    asio::post(reader.executor(),
               [give = on_socket, &reader, stream = Stream(std::move(socket))]() mutable {
                 (*give)(std::move(stream), reader);
               });
  }
  return {};
}

Task<> Listener::accept_loop(std::shared_ptr<State> state) {
  bool short_of_descriptors = false;
  Timer pause(state->thread.executor());
  while (state->acceptor.is_open()) {
    error_code error;
    co_await state->acceptor.async_wait(Acceptor::wait_read, asio::redirect_error(use_task, error));
    if (error) break;  // closed
    error = state->accept_some();
    if (!out_of_resources(error)) {
      // Anything else was that one connection's trouble (ECONNABORTED and its like, accept(2)).
      if (!error) short_of_descriptors = false;
      continue;
    }
    if (!std::exchange(short_of_descriptors, true)) {
      const std::string_view reason = strerrordesc_np(error.value());
      state->log.warning("net.accept_paused", {{"reason", reason}});
    }
    pause.expires_after(kDescriptorPause);
    co_await pause.async_wait(asio::redirect_error(use_task, error));
  }
}

}  // namespace sallyport::net
