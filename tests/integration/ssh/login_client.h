#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/task.h"
#include "net/workers.h"
#include "ssh/dialer.h"
#include "ssh/link.h"
#include "terminal/shell_port.h"

namespace sallyport::ssh {

// Everything between an address and a running shell, on a reader thread that is the test's own.
class LoginClient final : public Questioner, public terminal::ShellEvents {
 public:
  struct Host {
    std::string address = "127.0.0.1";
    unsigned port = 0;
    std::string user = "ana";
  };
  explicit LoginClient(Host host);
  ~LoginClient() override;

  LinkTimeouts timeouts;
  std::chrono::milliseconds connect_limit{10'000};
  std::vector<std::string> known_types;
  ShellRequest request{.term = "xterm-256color", .size = {80, 24}, .env = {}};
  // What to answer to each prompt in turn; when there are no more, the question stays open.
  std::vector<std::vector<std::string>> answers;
  std::chrono::milliseconds thinks{0};  // before each answer
  std::function<void()> on_prompt;      // called when one is open

  // Runs the stages to their end. The Failure of the first that failed, or nothing.
  std::optional<base::Failure> dial();
  std::optional<base::Failure> shake_hands();
  std::optional<base::Failure> sign_in(protocol::Auth auth);
  std::optional<base::Failure> open_shell();
  // All of them.
  std::optional<base::Failure> log_in(protocol::Auth auth);

  // Runs until `so_far` is true of the output, or 20 s have passed (then false).
  bool read_until(const std::function<bool(const std::string&)>& so_far);
  bool read_until_contains(const std::string& text);
  bool run_to_the_end();
  void run_for(std::chrono::milliseconds time);
  // Calls `what` on the reader thread after `time`, while a stage runs.
  void later(std::chrono::milliseconds time, std::function<void()> what);
  net::Workers& workers() { return workers_; }
  // Another task of a room, run to its end.
  template <class T>
  std::optional<base::Failure> finish(net::Task<base::Result<T>> task) {
    return run<T>(std::move(task), [](T) {});
  }

  terminal::Shell& shell() { return *shell_; }
  Link& link() { return *link_; }
  void drop_shell() { shell_.reset(); }

  HostKey host_key;
  std::string output;
  std::size_t pauses = 0;   // on_output_pause()
  std::size_t drained = 0;  // on_input_drained()
  std::optional<terminal::ShellExit> exit;
  std::optional<base::Failure> failure;
  std::vector<protocol::QuestionsPrompt> prompts;
  std::optional<base::Failure>
      given_up;  // what the link said when the host hung up during a prompt

 private:
  net::Task<base::Result<std::vector<base::Secret>>> ask(protocol::QuestionsPrompt prompt) override;
  void give_up(const base::Failure& why) override;
  void on_output(std::string_view bytes) override;
  void on_output_pause() override { ++pauses; }
  void on_input_drained() override { ++drained; }
  void on_exit(const terminal::ShellExit& how) override { exit = how; }
  void on_failure(const base::Failure& what) override { failure = what; }

  template <class T>
  std::optional<base::Failure> run(net::Task<base::Result<T>> task, std::function<void(T)> take) {
    std::optional<base::Failure> failed;
    run_task([](net::Task<base::Result<T>> inner, std::optional<base::Failure>& into,
                std::function<void(T)> taker) -> net::Task<> {
      base::Result<T> result = co_await std::move(inner);
      if (!result) {
        into = result.error();
      } else {
        taker(std::move(*result));
      }
    }(std::move(task), failed, std::move(take)));
    return failed;
  }
  void run_task(net::Task<> task);
  bool run_until(const std::function<bool()>& done);

  Host host_;
  boost::asio::io_context context_{1};
  net::Workers workers_{1};
  net::Timer answered_;
  std::optional<net::Socket> socket_;
  std::shared_ptr<Link> link_;
  std::unique_ptr<terminal::Shell> shell_;
};

protocol::Auth password(const std::string& text);
protocol::Auth key(const std::string& text, const std::string& passphrase = "",
                   const std::string& certificate = "");
protocol::Auth interactive();

}  // namespace sallyport::ssh
