// A program that enters the gateway's sandbox and then tries one thing:
//   sandboxed_attempt FOLDER WHAT
// FOLDER may be written, /etc may be read. Prints "allowed", or "refused: " and the reason.
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <thread>

#include "app/memory_image.h"
#include "app/sandbox.h"

namespace {

std::string folder;

bool can_open(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

bool can_map(int protection) {
  return ::mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

bool can_exec() {
  char name[] = "/bin/true";
  char* const words[] = {name, nullptr};
  return ::execv(name, words) == 0;
}

bool can_spawn() {
  char name[] = "/bin/true";
  char* const words[] = {name, nullptr};
  pid_t child = 0;
  errno = ::posix_spawn(&child, name, nullptr, nullptr, words, nullptr);
  return errno == 0;
}

bool can_fork() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return child > 0;
}

bool can_listen() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
         ::listen(fd, 1) == 0;
}

bool can_find_localhost() {
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo("localhost", "22", nullptr, &found);
  if (found) ::freeaddrinfo(found);
  return failed == 0;
}

const std::map<std::string, std::function<bool()>> kAttempts{
    {"exec", can_exec},
    {"exec-in-a-thread",
     [] {
       bool done = false;
       std::thread([&] { done = can_exec(); }).join();
       return done;
     }},
    {"spawn", can_spawn},
    {"system", [] { return std::system("true") == 0; }},
    {"fork", can_fork},
    {"vfork", [] { return ::syscall(SYS_vfork) >= 0; }},
    {"ptrace", [] { return ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0; }},
    {"read-another's-memory",
     [] { return ::syscall(SYS_process_vm_readv, ::getppid(), nullptr, 0, nullptr, 0, 0) >= 0; }},
    {"mount", [] { return ::mount("none", folder.c_str(), "tmpfs", 0, nullptr) == 0; }},
    {"bpf", [] { return ::syscall(SYS_bpf, 0, nullptr, 0) >= 0; }},
    {"load-a-module", [] { return ::syscall(SYS_init_module, nullptr, 0, "") == 0; }},
    {"new-namespace", [] { return ::syscall(SYS_unshare, 0x10000000) == 0; }},
    {"signal-another", [] { return ::kill(::getppid(), 0) == 0; }},
    {"raw-socket", [] { return ::socket(AF_PACKET, SOCK_RAW, 0) >= 0; }},
    {"kernel-crypto", [] { return ::socket(AF_ALG, SOCK_SEQPACKET, 0) >= 0; }},
    {"type-into-a-terminal",
     [] {
       char key = 'x';
       return ::ioctl(0, TIOCSTI, &key) == 0;
     }},
    {"writable-code", [] { return can_map(PROT_READ | PROT_WRITE | PROT_EXEC); }},
    {"written-code",
     [] {
       void* page =
           ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       return ::mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
     }},
    {"listen", can_listen},
    {"read-elsewhere", [] { return can_open("/var/log", O_RDONLY | O_DIRECTORY); }},
    {"write-elsewhere", [] { return can_open("/etc/sallyport-was-here", O_WRONLY | O_CREAT); }},
    {"new-privileges", [] { return ::prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0; }},
    {"core",
     [] { return ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0 || ::prctl(PR_GET_DUMPABLE) != 0; }},
    {"nothing", [] { return true; }},
    {"thread",
     [] {
       bool ran = false;
       std::thread([&] { ran = true; }).join();
       return ran;
     }},
    {"find-localhost", can_find_localhost},
    {"read-etc", [] { return can_open("/etc/hosts", O_RDONLY); }},
    {"write-its-folder", [] { return can_open(folder + "/new", O_WRONLY | O_CREAT); }},
    {"connect", [] { return ::socket(AF_INET6, SOCK_STREAM, 0) >= 0; }},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || !kAttempts.contains(argv[2])) {
    std::cerr << "sandboxed_attempt: which of these is not known here\n";
    return 2;
  }
  folder = argv[1];
  sallyport::app::keep_memory_private();
  const auto sandbox =
      sallyport::app::enter_sandbox({.read = {"/etc", "/lib", "/usr/lib"}, .write = {folder}});
  std::cerr << "landlock=" << sandbox.landlock << " system_calls=" << sandbox.system_calls
            << " capabilities=" << sandbox.capabilities << std::endl;
  errno = 0;
  const bool allowed = kAttempts.at(argv[2])();
  std::cout << (allowed ? "allowed" : std::string("refused: ") + std::strerror(errno)) << std::endl;
  return allowed ? 0 : 1;
}
