#include "throwaway_account.h"

#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "openssh_server.h"

namespace sallyport::support {
namespace {

// Where the home is found there: TinySSH takes no keys from below a folder that others may write
// to, as /tmp is.
constexpr const char* kHome = "/mnt";

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

ThrowawayAccount::ThrowawayAccount() : user_(current_user()) {
  const std::string folder = folder_.path().string();
  const std::string home = folder + "/home";
  ::mkdir(home.c_str(), 0700);
  ::mkdir((home + "/.ssh").c_str(), 0700);
  std::string hash = run_program({"openssl", "passwd", "-6", password_});
  hash.pop_back();
  const std::string uid = std::to_string(::geteuid()), gid = std::to_string(::getegid());
  const std::string account =
      user_ + ":" + hash + ":" + uid + ":" + gid + "::" + kHome + ":/bin/sh\n";
  write_file(folder + "/passwd", all_but("/etc/passwd", user_) + account, 0644);
  // A user namespace has no group "tty", and Dropbear gives its terminals to that group where there
  // is one.
  write_file(folder + "/group", all_but("/etc/group", "tty"), 0644);
  write_file(folder + "/shadow", user_ + ":" + hash + ":19000:0:99999:7:::\n");
  write_file(folder + "/pam",
             "auth required pam_unix.so\naccount required pam_permit.so\n"
             "session required pam_permit.so\n",
             0644);
}

void ThrowawayAccount::authorize(const std::vector<std::string>& public_lines) const {
  std::string text;
  for (const std::string& line : public_lines) {
    text += line;
    if (!text.ends_with('\n')) text += '\n';
  }
  write_file(folder_.path() / "home/.ssh/authorized_keys", text);
}

std::vector<std::string> ThrowawayAccount::inside(const std::vector<std::string>& program) const {
  std::vector<std::string> arguments{system_program("unshare")};
  // Its user keeps its own number there, and may mount.
  if (::geteuid() != 0)
    arguments.insert(arguments.end(), {"--user", "--map-current-user", "--keep-caps"});
  arguments.insert(arguments.end(),
                   {"--mount", "/bin/sh", "-ec",
                    "folder=$1; shift\n"
                    "mount --bind \"$folder/passwd\" /etc/passwd\n"
                    "if [ -r /etc/shadow ]; then mount --bind \"$folder/shadow\" /etc/shadow\n"
                    "else mount --bind \"$folder/group\" /etc/group; fi\n"
                    "mount --bind \"$folder/pam\" /etc/pam.d/sshd\n"
                    "mount --bind \"$folder/home\" /mnt\n"
                    "exec \"$@\"\n",
                    "account", folder_.path().string()});
  arguments.insert(arguments.end(), program.begin(), program.end());
  return arguments;
}

}  // namespace sallyport::support
