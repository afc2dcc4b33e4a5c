#include "app/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>

namespace sallyport::app {
namespace {

sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

// A handler and not the default action, which the kernel withholds from process 1 of a container.
extern "C" void exit_at_once(int number) { _exit(128 + number); }

}  // namespace

Signals::Signals() {
  std::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int Signals::wait() {
  const sigset_t set = awaited_signals();
  int number = 0;
  // sigwait fails only for a set that holds no valid signal.
  while (sigwait(&set, &number) != 0) {
  }
  return number;
}

void Signals::next_one_exits() {
  struct sigaction action{};
  action.sa_handler = exit_at_once;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  std::signal(SIGHUP, SIG_IGN);  // it is too late for a new certificate
  const sigset_t set = awaited_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace sallyport::app
