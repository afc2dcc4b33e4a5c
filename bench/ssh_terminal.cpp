#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "terminal.h"

namespace sallyport::bench {

SshTerminal::SshTerminal(const Target& target) {
  std::vector<std::string> words = {"ssh",
                                    "-tt",
                                    "-F",
                                    "/dev/null",
                                    "-o",
                                    "UserKnownHostsFile=" + target.known_hosts,
                                    "-o",
                                    "IdentitiesOnly=yes",
                                    "-o",
                                    "LogLevel=ERROR",
                                    "-i",
                                    target.identity_file,
                                    "-p",
                                    std::to_string(target.port),
                                    target.username + "@" + target.host};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  // ssh makes its terminal raw when the shell runs.
  winsize size{24, 80, 0, 0};
  pid_ = forkpty(&pty_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("forkpty: " + std::string(std::strerror(errno)));
  if (pid_ == 0) {
    execvp("ssh", arguments.data());
    _exit(127);
  }
}

SshTerminal::~SshTerminal() {
  close(pty_);
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

void SshTerminal::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::write(pty_, bytes.data(), bytes.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) throw std::runtime_error("ssh: " + std::string(std::strerror(errno)));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void SshTerminal::receive(std::string& out) {
  pollfd waiting{pty_, POLLIN, 0};
  const auto patience =
      static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(kPatience).count());
  if (poll(&waiting, 1, patience) == 0) throw std::runtime_error("ssh: no output for a minute");
  std::array<char, 64 * 1024> buffer;
  const auto got = ::read(pty_, buffer.data(), buffer.size());
  if (got <= 0) throw std::runtime_error("ssh: the shell ended");
  out.append(buffer.data(), static_cast<std::size_t>(got));
}

}  // namespace sallyport::bench
