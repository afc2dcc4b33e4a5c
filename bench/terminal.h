#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sallyport::bench {

// Where both ways go: the same account on the same host.
struct Target {
  std::string host = "127.0.0.1";
  unsigned port = 22;
  std::string username;
  std::string identity_file;
  std::string known_hosts;
};

// A shell that is driven from here. read() gives its output as bytes, whichever way they came.
// Every wait is bounded: what does not come within kPatience is an error, so that a measurement
// never hangs.
class Terminal {
 public:
  static constexpr std::chrono::seconds kPatience{60};

  virtual ~Terminal() = default;
  virtual void write(std::string_view bytes) = 0;
  // Waits for output and appends at least one byte of it to `out`. Throws at the end of the shell.
  void read(std::string& out) {
    if (rest_.empty()) return receive(out);
    out += rest_;
    rest_.clear();
  }

  // Reads until `marker` has come; what came behind it is for the next read.
  void read_until(std::string_view marker) {
    std::string seen;
    for (std::size_t from = 0;;) {
      const auto at = seen.find(marker, from);
      if (at != std::string::npos) {
        rest_ = seen.substr(at + marker.size());
        return;
      }
      from = seen.size() < marker.size() ? 0 : seen.size() - marker.size() + 1;
      read(seen);
    }
  }

 protected:
  virtual void receive(std::string& out) = 0;

 private:
  std::string rest_;
};

// `ssh -tt` in a pseudo-terminal of ours, as a person's terminal runs it.
class SshTerminal final : public Terminal {
 public:
  explicit SshTerminal(const Target& target);
  ~SshTerminal() override;
  void write(std::string_view bytes) override;
  pid_t pid() const { return pid_; }

 private:
  void receive(std::string& out) override;
  int pty_ = -1;
  pid_t pid_ = -1;
};

// A session of the gateway over sallyport.v1; acknowledges output as it reads it.
class GatewayTerminal final : public Terminal {
 public:
  // `port`: the gateway's, on 127.0.0.1.
  GatewayTerminal(unsigned port, const Target& target);
  ~GatewayTerminal() override;
  void write(std::string_view bytes) override;

 private:
  void receive(std::string& out) override;
  void send_frame(std::string_view text);
  // The next text frame's payload, valid until the next call.
  std::string_view receive_frame();
  void fill(std::size_t bytes);

  int socket_ = -1;
  std::string received_;      // bytes from the socket
  std::size_t consumed_ = 0;  // of them
  std::string sending_;
  unsigned long long seq_ = 0;
};

}  // namespace sallyport::bench
