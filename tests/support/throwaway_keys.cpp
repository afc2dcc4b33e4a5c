#include "throwaway_keys.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

extern char** environ;

namespace sallyport::support {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "sallyport-test-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), "mkdtemp");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_file(const std::filesystem::path& file, const std::string& text, unsigned mode) {
  {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out) throw std::runtime_error("cannot write " + file.string());
  }
  ::chmod(file.c_str(), mode);
}

std::string run_program(const std::vector<std::string>& arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe2");
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    throw std::system_error(failed, std::generic_category(), arguments.front());
  }
  std::string output;
  std::array<char, 4096> piece;
  for (ssize_t n;
       (n = ::read(ends[0], piece.data(), piece.size())) > 0 || (n < 0 && errno == EINTR);) {
    if (n > 0) output.append(piece.data(), static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error(arguments.front() + " failed: " + output);
  }
  return output;
}

KeyPair make_key(const std::filesystem::path& folder, const std::string& name,
                 const KeyWish& wish) {
  KeyPair key;
  key.file = folder / name;
  std::vector<std::string> arguments{
      "ssh-keygen",     "-q", "-t", wish.type, "-N", wish.passphrase, "-C", "sallyport test", "-f",
      key.file.string()};
  // Few rounds: the tests are about right and wrong, not about how long guessing takes.
  if (!wish.passphrase.empty() && wish.format.empty())
    arguments.insert(arguments.end(), {"-a", "2"});
  if (wish.bits != 0) arguments.insert(arguments.end(), {"-b", std::to_string(wish.bits)});
  if (!wish.format.empty()) arguments.insert(arguments.end(), {"-m", wish.format});
  run_program(arguments);
  key.private_key = read_file(key.file);
  key.public_line = read_file(key.file.string() + ".pub");
  return key;
}

std::string make_certificate(const KeyPair& authority, const KeyPair& key,
                             const std::string& principal) {
  run_program({"ssh-keygen", "-q", "-s", authority.file.string(), "-I", "sallyport test", "-n",
               principal, "-V", "+1h", key.file.string() + ".pub"});
  return read_file(key.file.string() + "-cert.pub");
}

}  // namespace sallyport::support
