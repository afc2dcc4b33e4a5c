#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/failure.h"
#include "net/deadline.h"
#include "net/task.h"
#include "ssh/algorithms.h"
#include "ssh/byte_stream.h"
#include "ssh/pump.h"

namespace sallyport::ssh {

struct LinkNames {  // as the user wrote them, for sentences
  std::string host;
  unsigned port = 22;
  std::string username;
};

struct LinkTimeouts {
  std::chrono::milliseconds handshake{15'000};
  std::chrono::milliseconds authenticate{
      30'000};  // without the time spent in prompts, which have their own
  std::chrono::milliseconds shell{15'000};
  std::chrono::milliseconds keepalive{30'000};  // between keepalives of an idle link
  std::chrono::milliseconds dead_after{
      45'000};  // a host that does not acknowledge for so long has stopped answering
};

// A socket and its pump, and the one place where a stage of the login waits for the host. Lives on
// one reader thread.
class Connection {
 public:
  Connection(net::Socket socket, LinkNames names, LinkTimeouts timeouts);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  net::Socket& socket() { return socket_; }
  net::Executor executor() { return socket_.get_executor(); }
  Pump& pump() { return pump_; }
  const LinkNames& names() const { return names_; }
  const LinkTimeouts& timeouts() const { return timeouts_; }
  // What the handshake may agree on, for the sentence when it does not.
  void set_posture(algorithms::Posture posture) { posture_ = posture; }

  // Calls `step` until it does not say kWait any more.
  template <class Step>
  net::Task<Pump::Outcome> repeat(Step step) {
    for (;;) {
      const Pump::Outcome outcome = step();
      if (outcome != Pump::Outcome::kWait) co_return outcome;
      if (!co_await ready()) co_return Pump::Outcome::kFailed;
    }
  }
  // Waits until the host sent something or takes something. False: the connection is over,
  // failure() says why.
  net::Task<bool> ready();

  // The clock of a stage. When it runs out the socket is closed, and what waits on it ends.
  void start_clock(std::chrono::milliseconds limit);
  void stop_clock();
  void pause_clock();  // while a person is asked
  void go_on_clock();

  // While nobody waits for the host: `on_end` is called once when it hangs up, unless
  // stop_watching() came first.
  void watch(std::function<void()> on_end);
  void stop_watching();

  void close();
  bool closed() const { return closed_; }
  // While `busy` the socket stays open, though dead: another thread is inside the pump.
  void set_busy(bool busy);

  // Why the connection is of no use any more, in the words of `stage`.
  base::Failure failure(base::Stage stage) const;

 private:
  // Reads and writes past Asio: the operation first, a wait only when it would block.
  class SocketStream final : public ByteStream {
   public:
    explicit SocketStream(int descriptor) : descriptor_(descriptor) {}
    ssize_t send(const char* data, std::size_t size) override;
    ssize_t recv(char* data, std::size_t size) override;
    int descriptor() const override { return descriptor_; }

   private:
    int descriptor_;
  };

  base::Failure timeout(base::Stage stage) const;
  base::Failure handshake_failure() const;
  void watch_on(unsigned watch);

  net::Socket socket_;
  SocketStream stream_;
  Pump pump_;
  LinkNames names_;
  LinkTimeouts timeouts_;
  algorithms::Posture posture_ = algorithms::Posture::kModern;
  std::optional<net::Deadline> deadline_;
  std::chrono::steady_clock::time_point ends_;
  std::chrono::steady_clock::duration left_{};
  std::function<void()> on_end_;
  std::shared_ptr<unsigned> watch_ =
      std::make_shared<unsigned>(0);  // which watch is on; outlives the connection
  bool out_of_time_ = false;
  bool closed_ = false;
  bool busy_ = false;
};

}  // namespace sallyport::ssh
