// An SSH server for figures that need thousands of shells: one thread, no process and no terminal
// per session. Prints where it listens and its host key, then serves until it is ended.
//
// Its shell prints a prompt and echoes what it gets. Lines that begin with '!' are for it; Ctrl-C
// ends what they began and brings the prompt back:
//   !flood      prints log lines as fast as they are taken
//   !print N    prints N bytes of them per second
#include <arpa/inet.h>
#include <fcntl.h>
#include <libssh/server.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "scripted_shell.h"

namespace {

using sallyport::bench::ScriptedShell;

constexpr int kTicksPerSecond = 20;  // of `!print`

[[noreturn]] void fail(const char* what) { throw std::runtime_error(what); }

struct Listening {
  int descriptor = -1;
  unsigned port = 0;
};

Listening listen_on_loopback() {
  Listening listening;
  listening.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (listening.descriptor < 0 || bind(listening.descriptor, any, size) != 0 ||
      listen(listening.descriptor, 4096) != 0 ||
      getsockname(listening.descriptor, any, &size) != 0) {
    fail("cannot listen");
  }
  listening.port = ntohs(address.sin_port);
  return listening;
}

class Server {
 public:
  Server() {
    ssh_key key = nullptr;
    char* text = nullptr;
    if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK ||
        ssh_pki_export_pubkey_base64(key, &text) != SSH_OK) {
      fail("cannot make a host key");
    }
    public_key_ = std::string("ssh-ed25519 ") + text;
    ssh_string_free_char(text);
    bind_ = ssh_bind_new();
    // From here on libssh owns the key.
    if (ssh_bind_options_set(bind_, SSH_BIND_OPTIONS_IMPORT_KEY, key) != SSH_OK) {
      fail("cannot use the host key");
    }
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    const long tick = 1'000'000'000L / kTicksPerSecond;
    const itimerspec every{{0, tick}, {0, tick}};
    timerfd_settime(timer_, 0, &every, nullptr);
    listening_ = listen_on_loopback();
    watch(EPOLL_CTL_ADD, listening_.descriptor, EPOLLIN);
    watch(EPOLL_CTL_ADD, timer_, EPOLLIN);
  }

  unsigned port() const { return listening_.port; }
  const std::string& public_key() const { return public_key_; }

  [[noreturn]] void serve() {
    std::array<epoll_event, 256> events;
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int at = 0; at < count; ++at) {
        const int descriptor = events[static_cast<std::size_t>(at)].data.fd;
        if (descriptor == listening_.descriptor) {
          accept_all();
        } else if (descriptor == timer_) {
          tick();
        } else if (const auto found = shells_.find(descriptor); found != shells_.end()) {
          turn(found->second, descriptor);
        }
      }
    }
  }

 private:
  void watch(int operation, int descriptor, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    if (epoll_ctl(epoll_, operation, descriptor, &event) != 0) fail("epoll_ctl");
  }

  void accept_all() {
    for (;;) {
      const int descriptor = accept4(listening_.descriptor, nullptr, nullptr, SOCK_CLOEXEC);
      if (descriptor < 0) return;
      auto shell = ScriptedShell::start(bind_, descriptor);
      if (!shell) continue;
      watch(EPOLL_CTL_ADD, descriptor, EPOLLIN);
      shells_.emplace(descriptor, std::move(shell));
    }
  }

  void turn(std::unique_ptr<ScriptedShell>& shell, int descriptor) {
    const bool wrote = shell->wants_write();
    if (!shell->turn()) {
      epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
      shells_.erase(descriptor);
      return;
    }
    if (shell->wants_write() == wrote) return;
    watch(EPOLL_CTL_MOD, descriptor, shell->wants_write() ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }

  void tick() {
    std::uint64_t ticks = 0;
    if (read(timer_, &ticks, sizeof ticks) < 0) return;
    for (auto at = shells_.begin(); at != shells_.end();) {
      auto now = at++;  // turn() may remove it
      if (now->second->tick(kTicksPerSecond)) turn(now->second, now->first);
    }
  }

  ssh_bind bind_ = nullptr;
  std::string public_key_;
  int epoll_ = -1;
  int timer_ = -1;
  Listening listening_;
  std::unordered_map<int, std::unique_ptr<ScriptedShell>> shells_;  // by descriptor
};

}  // namespace

int main() {
  signal(SIGPIPE, SIG_IGN);  // a client that goes while it is flooded
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  try {
    Server server;
    std::printf("127.0.0.1 %u %s\n", server.port(), server.public_key().c_str());
    std::fflush(stdout);
    server.serve();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "scripted host: %s\n", error.what());
    return 1;
  }
}
