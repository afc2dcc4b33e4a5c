#include "openssh_server.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

namespace sallyport::support {

std::string current_user() {
  const passwd* account = ::getpwuid(::getuid());
  if (!account) throw std::runtime_error("this user has no account");
  return account->pw_name;
}

std::string system_program(const std::string& name) {
  for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/sbin/", "/bin/"}) {
    if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  throw std::runtime_error(name + " is not installed");
}

OpenSshServer::OpenSshServer(Options options)
    : host_(options.ipv6 ? "::1" : "127.0.0.1"),
      port_(free_port(options.ipv6)),
      user_(current_user()),
      key_(make_key(folder_.path(), "user_key")),
      host_key_(make_key(folder_.path(), "host_key", key_of_type(options.host_key_type))) {
  // sshd's privilege separation directory: fixed at its compilation, looked for when root starts
  // it.
  if (::geteuid() == 0) ::mkdir("/run/sshd", 0755);
  std::string keys = key_.public_line;
  for (const std::string& line : options.authorized_keys) keys += line + "\n";
  write_file(folder_.path() / "authorized_keys", keys);
  std::string config;
  if (options.passwords) {
    account_ = std::make_unique<ThrowawayAccount>();
    config = "UsePAM yes\nPasswordAuthentication yes\nKbdInteractiveAuthentication yes\n";
  }
  for (const std::string& line : options.config) config += line + "\n";
  const std::string folder = folder_.path().string();
  config +=
      "ListenAddress " + std::string(options.ipv6 ? "[::1]" : "127.0.0.1") + ":" +
      std::to_string(port_) + "\nHostKey " + folder + "/host_key\nAuthorizedKeysFile " + folder +
      "/authorized_keys\nPidFile none\n" +
      "StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
      "PermitRootLogin yes\nLogLevel VERBOSE\nPrintMotd no\nPrintLastLog no\nAcceptEnv LANG LC_* "
      "SALLYPORT_*\n"
      "MaxStartups 200\nSubsystem sftp internal-sftp\n";
  write_file(folder_.path() / "sshd_config", config);
  const std::vector<std::string> sshd{system_program("sshd"), "-D", "-e", "-f",
                                      folder + "/sshd_config"};
  process_ = std::make_unique<ServerProcess>(account_ ? account_->inside(sshd) : sshd,
                                             "Server listening on");
}

}  // namespace sallyport::support
