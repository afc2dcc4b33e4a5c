#include "server_process.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

extern char** environ;

namespace sallyport::support {

unsigned free_port(bool ipv6) {
  const int fd = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 v6{};
  sockaddr_in v4{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* address = ipv6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  socklen_t length = ipv6 ? sizeof(v6) : sizeof(v4);
  const bool bound =
      fd >= 0 && ::bind(fd, address, length) == 0 && ::getsockname(fd, address, &length) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!bound) throw std::system_error(error, std::generic_category(), "no port of loopback");
  return ntohs(ipv6 ? v6.sin6_port : v4.sin_port);
}

ServerProcess::ServerProcess(const std::vector<std::string>& arguments, const std::string& ready) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe2");
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  const int failed = ::posix_spawnp(&pid_, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(ends[1]);
  output_ = ends[0];
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
  if (failed != 0) {
    ::close(output_);
    throw std::system_error(failed, std::generic_category(), arguments.front());
  }
  while (said_.find(ready) == std::string::npos) {
    if (read_more(20'000)) continue;
    const std::string said = said_;
    throw std::runtime_error(arguments.front() + " did not start: " + said);
  }
}

// False: it said nothing for so long, or has ended.
bool ServerProcess::read_more(int milliseconds) {
  pollfd wait{output_, POLLIN, 0};
  if (::poll(&wait, 1, milliseconds) <= 0) return false;
  std::array<char, 4096> piece;
  const ssize_t n = ::read(output_, piece.data(), piece.size());
  if (n <= 0) return false;
  said_.append(piece.data(), static_cast<std::size_t>(n));
  return true;
}

std::string ServerProcess::said() {
  while (read_more(0)) {
  }
  return said_;
}

ServerProcess::~ServerProcess() {
  ::kill(-pid_, SIGTERM);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  ::close(output_);
}

}  // namespace sallyport::support
