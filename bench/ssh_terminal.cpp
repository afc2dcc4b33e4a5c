#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "terminal.h"

namespace sallyport::bench {

SshTerminal::SshTerminal(const Target& target) {
  const auto known_as = std::to_string(target.known_as != 0 ? target.known_as : target.port);
  std::vector<std::string> words = {"ssh", "-tt", "-F", "/dev/null"};
  for (const auto& option :
       {"UserKnownHostsFile=" + target.known_hosts,
        "HostKeyAlias=[" + target.host + "]:" + known_as, std::string("IdentitiesOnly=yes"),
        std::string("LogLevel=ERROR"),
        // What the gateway's library has, so that logins cost the same on both ways.
        std::string("KexAlgorithms=curve25519-sha256")}) {
    words.insert(words.end(), {"-o", option});
  }
  words.insert(words.end(), {"-i", target.identity_file, "-p", std::to_string(target.port),
                             target.username + "@" + target.host});
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  // ssh makes its terminal raw when the shell runs.
  const winsize size{24, 80, 0, 0};
  begin();
  pid_ = forkpty(&pty_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("forkpty: " + std::string(std::strerror(errno)));
  if (pid_ == 0) {
    execvp("ssh", arguments.data());
    _exit(127);
  }
  fcntl(pty_, F_SETFD, FD_CLOEXEC);
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

bool SshTerminal::receive(std::string& out, Clock::duration patience) {
  if (!wait_readable(pty_, patience)) return false;
  buffer_.resize(read_size());
  const auto got = ::read(pty_, buffer_.data(), buffer_.size());
  if (got <= 0) throw std::runtime_error("ssh: the shell ended");
  out.append(buffer_.data(), static_cast<std::size_t>(got));
  return true;
}

}  // namespace sallyport::bench
