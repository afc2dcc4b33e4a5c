#include "scripted_ssh_server.h"

#include <arpa/inet.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

// libssh would have callbacks in place of its message functions; a script reads better in order.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace sallyport::support {
namespace {

using Stage = Script::Stage;

struct FreeSession {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
};
struct FreeBind {
  void operator()(ssh_bind bind) const { ssh_bind_free(bind); }
};
using Session = std::unique_ptr<std::remove_pointer_t<ssh_session>, FreeSession>;
using Bind = std::unique_ptr<std::remove_pointer_t<ssh_bind>, FreeBind>;
// Until the other side, or the destructor, ends it.
void wait_for_the_end(int descriptor) {
  std::array<char, 4096> ignored;
  for (;;) {
    pollfd wait{descriptor, POLLIN, 0};
    if (::poll(&wait, 1, -1) < 0 && errno != EINTR) return;
    const ssize_t n = ::recv(descriptor, ignored.data(), ignored.size(), 0);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) return;
  }
}

}  // namespace

void ScriptedSshServer::send_raw(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

ScriptedSshServer::ScriptedSshServer(Script script)
    : script_(std::move(script)),
      host_key_(make_key(folder_.path(), "host_key", key_of_type(script_.host_key_type))) {
  ssh_init();
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(script_.any_address ? INADDR_ANY : INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, length) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, generic, &length) != 0) {
    throw std::system_error(errno, std::generic_category(), "scripted server");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

ScriptedSshServer::~ScriptedSshServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  std::list<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
}

void ScriptedSshServer::accept_loop() {
  for (;;) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0 && errno == EINTR) continue;
    if (descriptor < 0) return;
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    serve(descriptor);
  }
}

void ScriptedSshServer::serve(int descriptor) {
  const std::lock_guard lock(mutex_);
  if (closing_) {
    ::close(descriptor);
    return;
  }
  for (const auto thread : std::exchange(finished_, {})) {
    thread->join();
    threads_.erase(thread);
  }
  ++connections_;
  open_.insert(descriptor);
  const auto thread = threads_.emplace(threads_.end());
  *thread = std::thread([this, descriptor, thread] {
    serve_one(descriptor);
    ++served_;
    const std::lock_guard done(mutex_);
    open_.erase(descriptor);
    ::close(descriptor);
    if (!closing_) finished_.push_back(thread);
  });
}

void ScriptedSshServer::stopped() {
  const std::lock_guard lock(mutex_);
  ++stopped_;
  changed_.notify_all();
}

bool ScriptedSshServer::wait_until_stopped() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return stopped_ > 0; });
}

// connect(2): AF_UNSPEC dissolves the association; the other side gets an RST, and nothing is left
// here.
void ScriptedSshServer::reset(int descriptor) {
  const sockaddr nowhere{};
  ::connect(descriptor, &nowhere, sizeof(nowhere));
}

bool ScriptedSshServer::stops_at(Stage stage, int descriptor) {
  if (script_.silent_at == stage) {
    stopped();
    wait_for_the_end(descriptor);
    return true;
  }
  if (script_.ends_at == stage) {
    if (script_.resets) {
      reset(descriptor);
    } else {
      ::shutdown(descriptor, SHUT_RDWR);
    }
    stopped();
    return true;
  }
  return false;
}

void ScriptedSshServer::serve_one(int descriptor) {
  const auto raw = [&](std::string_view bytes, Stage then) {
    send_raw(descriptor, bytes);
    stops_at(then, descriptor);
  };
  if (!script_.greeting.empty()) {
    send_raw(descriptor, script_.greeting);
    if (!stops_at(Stage::kAccept, descriptor)) wait_for_the_end(descriptor);
    return;
  }
  for (const Stage stage : {script_.silent_at, script_.ends_at}) {
    if (stage != Stage::kAccept && stage != Stage::kIdentification && stage != Stage::kKeyExchange)
      continue;
    if (stage == Stage::kAccept) {
      raw("", stage);
    } else if (stage == Stage::kIdentification) {
      raw("SSH-2.0-scripted\r\n", stage);
    } else {
      // The first half of a KEXINIT.
      raw(std::string("SSH-2.0-scripted\r\n") + std::string("\0\0\2\0\6\x14", 6) +
              std::string(64, 'c'),
          stage);
    }
    return;
  }
  {
    const Bind bind(ssh_bind_new());
    const Session session(ssh_new());
    const std::string key = host_key_.file.string();
    ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_HOSTKEY, key.c_str());
    const bool no_config = false;
    ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_PROCESS_CONFIG, &no_config);
    if (!script_.kex.empty()) {
      ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_KEY_EXCHANGE, script_.kex.c_str());
    }
    if (script_.rekey_after != 0)
      ssh_options_set(session.get(), SSH_OPTIONS_REKEY_DATA, &script_.rekey_after);
    // libssh closes what it was given; this one stays for the destructor to shut down.
    const int own = ::dup(descriptor);
    if (ssh_bind_accept_fd(bind.get(), session.get(), own) == SSH_OK &&
        ssh_handle_key_exchange(session.get()) == SSH_OK) {
      serve_session(session.get(), descriptor);
    }
  }
}

}  // namespace sallyport::support
