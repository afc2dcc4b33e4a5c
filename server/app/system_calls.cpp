#include "app/system_calls.h"

#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>
#include <memory>
#include <system_error>
#include <vector>

namespace sallyport::app {
namespace {

// What is not allowed is answered ENOSYS and not EPERM: a C library that is newer than this list
// tries a newer call and falls back to an older one, but only when the kernel seems not to know it.
constexpr std::uint32_t kUnknown = SCMP_ACT_ERRNO(ENOSYS);

// By name, so that one that this libseccomp or this processor does not have is no compile error.
constexpr const char* kAllowed[] = {
    // Files that are open, and those that Landlock lets be opened.
    "read",
    "write",
    "readv",
    "writev",
    "pread64",
    "pwrite64",
    "close",
    "close_range",
    "lseek",
    "fcntl",
    "dup",
    "open",
    "openat",
    "openat2",
    "stat",
    "lstat",
    "fstat",
    "newfstatat",
    "statx",
    "fstatfs",
    "statfs",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getdents64",
    "getcwd",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "fadvise64",
    "flock",
    "chmod",
    "fchmod",
    "fchmodat",
    "umask",
    "inotify_init1",
    "inotify_add_watch",
    "inotify_rm_watch",
    // Sockets that are open; which may be made, see below.
    "bind",
    "connect",
    "listen",
    "accept",
    "accept4",
    "getsockname",
    "getpeername",
    "getsockopt",
    "setsockopt",
    "sendto",
    "recvfrom",
    "sendmsg",
    "recvmsg",
    "sendmmsg",
    "recvmmsg",
    "shutdown",
    // Waiting and time.
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "eventfd2",
    "pipe2",
    "timerfd_create",
    "timerfd_settime",
    "timerfd_gettime",
    "clock_gettime",
    "clock_getres",
    "clock_nanosleep",
    "nanosleep",
    "gettimeofday",
    "time",
    "times",
    // Memory, but for what may hold code: see below.
    "brk",
    "munmap",
    "mremap",
    "madvise",
    "mincore",
    "mlock",
    "munlock",
    "membarrier",
    // Threads and signals of its own.
    "futex",
    "set_robust_list",
    "rseq",
    "gettid",
    "getpid",
    "getppid",
    "getpgrp",
    "exit",
    "exit_group",
    "sched_yield",
    "sched_getaffinity",
    "sched_getparam",
    "sched_getscheduler",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigtimedwait",
    "rt_sigpending",
    "sigaltstack",
    "restart_syscall",
    // What it may know of itself and of the machine.
    "uname",
    "sysinfo",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getrusage",
    "getrlimit",
    "getcpu",
    "getrandom",
    "capget",
};

// Nobody's library makes these by the way: who does has broken in. There is nothing to go on with.
constexpr const char* kEndsTheProcess[] = {
    "execve",
    "execveat",
    "fork",
    "vfork",
    "ptrace",
    "bpf",
    "process_vm_readv",
    "process_vm_writev",
    "mount",
    "umount2",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "pivot_root",
    "chroot",
    "setns",
    "unshare",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "swapon",
};

class Filter {
 public:
  Filter() : context_(seccomp_init(kUnknown), seccomp_release) {
    if (!context_) failed_ = -ENOMEM;
    set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);  // the calls of 32-bit programs
    set(SCMP_FLTATR_CTL_TSYNC, 1);
    set(SCMP_FLTATR_CTL_LOG, 1);       // the kernel's audit log says what was refused
    set(SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree, not a list: it is asked at every call
  }

  void rule(std::uint32_t action, const char* name,
            std::initializer_list<scmp_arg_cmp> arguments = {}) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || failed_ != 0) return;
    const std::vector<scmp_arg_cmp> all(arguments);
    failed_ = seccomp_rule_add_array(context_.get(), action, number,
                                     static_cast<unsigned>(all.size()), all.data());
  }
  void allow(const char* name, std::initializer_list<scmp_arg_cmp> arguments = {}) {
    rule(SCMP_ACT_ALLOW, name, arguments);
  }
  // 0, or the errno.
  int load() {
    if (failed_ == 0) failed_ = seccomp_load(context_.get());
    return -failed_;
  }

 private:
  void set(scmp_filter_attr attribute, std::uint32_t value) {
    if (failed_ == 0) failed_ = seccomp_attr_set(context_.get(), attribute, value);
  }

  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
  int failed_ = 0;
};

scmp_arg_cmp is(unsigned argument, scmp_datum_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp bits(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

void allow_by_argument(Filter& filter) {
  for (const auto family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK}) {
    filter.allow("socket", {is(0, static_cast<scmp_datum_t>(family))});
  }
  filter.allow("socketpair", {is(0, AF_UNIX)});
  // Not a terminal's: nothing is typed into the one that the program was started in.
  for (const auto request : {FIONBIO, FIONREAD, TCGETS, SIOCGIFINDEX, SIOCGIFNAME}) {
    filter.allow("ioctl", {is(1, static_cast<scmp_datum_t>(request))});
  }
  // Memory holds either code or what is written, and what was written never becomes code. A name
  // service's library may still be loaded late.
  constexpr scmp_datum_t kBoth = PROT_WRITE | PROT_EXEC;
  filter.allow("mmap", {bits(2, kBoth, 0)});
  filter.allow("mmap", {bits(2, kBoth, PROT_WRITE)});
  filter.allow("mmap", {bits(2, kBoth, PROT_EXEC)});
  filter.allow("mprotect", {bits(2, PROT_EXEC, 0)});
  // Threads, and no processes. clone3 keeps its flags in memory, where a filter cannot look; the C
  // library then takes clone.
  filter.allow("clone", {bits(0, CLONE_THREAD, CLONE_THREAD)});
  const auto own = static_cast<scmp_datum_t>(::getpid());
  filter.allow("tgkill", {is(0, own)});
  filter.allow("prlimit64", {is(2, 0)});  // asking
  filter.allow("prctl", {is(0, PR_SET_NAME)});
  filter.allow("prctl", {is(0, PR_GET_NAME)});
  filter.allow("prctl", {is(0, PR_GET_DUMPABLE)});
  constexpr scmp_datum_t kSetVmaName = 0x53564d41;  // PR_SET_VMA; glibc 2.41 names what it maps
  filter.allow("prctl", {is(0, kSetVmaName)});
}

}  // namespace

std::expected<void, std::string> allow_only_system_calls() {
  Filter filter;
  for (const char* name : kAllowed) filter.allow(name);
  allow_by_argument(filter);
  for (const char* name : kEndsTheProcess) filter.rule(SCMP_ACT_KILL_PROCESS, name);
  if (const int error = filter.load(); error != 0) {
    return std::unexpected(std::generic_category().message(error));
  }
  return {};
}

}  // namespace sallyport::app
