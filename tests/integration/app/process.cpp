#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

namespace sallyport::app {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw std::system_error(errno, std::generic_category());
    read_end = ends[0];
    write_end = ends[1];
  }
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment) {
  const Pipe out;
  const Pipe err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end, 1);
  posix_spawn_file_actions_adddup2(&actions, err.write_end, 2);
  std::vector<std::string> argv{program};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  std::vector<std::string> envp = environment;
  const int failed = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, pointers(argv).data(),
                                   pointers(envp).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(out.write_end);
  ::close(err.write_end);
  out_ = out.read_end;
  err_ = err.read_end;
  if (failed != 0) throw std::system_error(failed, std::generic_category(), program);
}

Process::~Process() {
  if (!status_ && pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

bool Process::read_some(Deadline deadline) {
  std::array<pollfd, 2> ready{{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  if (out_ < 0 && err_ < 0) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  const int count =
      left.count() <= 0 ? 0 : ::poll(ready.data(), ready.size(), static_cast<int>(left.count()));
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) {
    throw std::runtime_error("the program says nothing more; so far:\n" + output_ + "\n--\n" +
                             error_);
  }
  const auto take = [](const pollfd& poll, int& fd, std::string& text) {
    if (poll.revents == 0) return;
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    } else {
      ::close(fd);
      fd = -1;
    }
  };
  take(ready[0], out_, output_);
  take(ready[1], err_, error_);
  return true;
}

const std::string& Process::wait_for_output(std::string_view text) {
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  while (!output_.contains(text)) {
    if (!read_some(deadline)) {
      throw std::runtime_error("the program ended before it said " + std::string(text) + ":\n" +
                               output_ + "\n--\n" + error_);
    }
  }
  return output_;
}

const std::string& Process::wait_for_error(std::string_view text) {
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  while (!error_.contains(text)) {
    if (!read_some(deadline)) {
      throw std::runtime_error("the program ended before it said " + std::string(text) + ":\n" +
                               error_);
    }
  }
  return error_;
}

void Process::drain() {
  for (std::array<pollfd, 2> ready{{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
       (out_ >= 0 || err_ >= 0) && ::poll(ready.data(), ready.size(), 0) > 0;
       ready = {{{out_, POLLIN, 0}, {err_, POLLIN, 0}}}) {
    read_some(std::chrono::steady_clock::now() + kLimit);
  }
}

void Process::signal(int number) const { ::kill(pid_, number); }

int Process::wait() {
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  while (read_some(deadline)) {
  }
  // Both streams are closed, so the process is gone or going.
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return *status_;
}

}  // namespace sallyport::app
