#include "tinyssh_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "openssh_server.h"

extern char** environ;

namespace sallyport::support {

TinySshServer::TinySshServer(const std::vector<std::string>& authorized_keys) {
  account_.authorize(authorized_keys);
  run_program({system_program("tinysshd-makekey"), "-q", (account_.folder() / "keys").string()});
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, length) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, generic, &length) != 0) {
    throw std::system_error(errno, std::generic_category(), "listener of TinySSH");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

TinySshServer::~TinySshServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (const pid_t child : children_) {
    ::kill(-child, SIGTERM);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

void TinySshServer::accept_loop() {
  const std::string folder = account_.folder().string();
  const auto arguments = account_.inside({system_program("tinysshd"), "-v", folder + "/keys"});
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  for (;;) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0 && errno == EINTR) continue;
    if (client < 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, client, 0);
    posix_spawn_file_actions_adddup2(&actions, client, 1);
    posix_spawn_file_actions_addopen(&actions, 2, (folder + "/log").c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    pid_t child = -1;
    if (::posix_spawn(&child, argv[0], &actions, &attributes, argv.data(), environ) == 0) {
      children_.push_back(child);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(client);
  }
}

std::string TinySshServer::log() const {
  const auto file = account_.folder() / "log";
  return std::filesystem::exists(file) ? read_file(file) : "";
}

}  // namespace sallyport::support
