#include "dropbear_server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "openssh_server.h"

namespace sallyport::support {
namespace {

// The lines of a file like /etc/passwd without the one for `name`.
std::string all_but(const char* file, const std::string& name) {
  std::istringstream in(read_file(file));
  std::string out;
  for (std::string one; std::getline(in, one);) {
    if (!one.starts_with(name + ":")) out += one + "\n";
  }
  return out;
}

}  // namespace

DropbearServer::DropbearServer()
    : port_(free_port()), user_(current_user()), key_(make_key(folder_.path(), "user_key")) {
  const std::string folder = folder_.path().string();
  const std::string home = folder + "/home";
  ::mkdir(home.c_str(), 0700);
  ::mkdir((home + "/.ssh").c_str(), 0700);
  write_file(home + "/.ssh/authorized_keys", key_.public_line);
  std::string hash = run_program({"openssl", "passwd", "-6", password_});
  hash.pop_back();
  const std::string uid = std::to_string(::geteuid()), gid = std::to_string(::getegid());
  const std::string account =
      user_ + ":" + hash + ":" + uid + ":" + gid + "::" + home + ":/bin/sh\n";
  write_file(folder + "/passwd", all_but("/etc/passwd", user_) + account, 0644);
  // A user namespace has no group "tty", and Dropbear gives its terminals to that group where there
  // is one.
  write_file(folder + "/group", all_but("/etc/group", "tty"), 0644);
  write_file(folder + "/shadow", user_ + ":" + hash + ":19000:0:99999:7:::\n");
  run_program({system_program("dropbearkey"), "-t", "ed25519", "-f", folder + "/host_key"});

  const bool is_root = ::geteuid() == 0;
  std::vector<std::string> arguments{system_program("unshare")};
  // Its user keeps its own number there, and may mount.
  if (!is_root) arguments.insert(arguments.end(), {"--user", "--map-current-user", "--keep-caps"});
  arguments.insert(arguments.end(),
                   {"--mount", "/bin/sh", "-ec",
                    "mount --bind \"$1/passwd\" /etc/passwd\n"
                    "if [ -r /etc/shadow ]; then mount --bind \"$1/shadow\" /etc/shadow\n"
                    "else mount --bind \"$1/group\" /etc/group; fi\n"
                    "exec \"$2\" -F -E -p \"127.0.0.1:$3\" -r \"$1/host_key\" -P \"$1/pid\"\n",
                    "dropbear", folder, system_program("dropbear"), std::to_string(port_)});
  process_ = std::make_unique<ServerProcess>(arguments, "Not backgrounding");
}

}  // namespace sallyport::support
