#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::bench {

using Clock = std::chrono::steady_clock;

// Where both ways go: the same account on the same host.
struct Target {
  std::string host = "127.0.0.1";
  unsigned port = 22;
  std::string username;
  std::string identity_file;  // or
  std::string password;
  std::string known_hosts;
  unsigned known_as = 0;  // the port its key is on file for, when reached by another one
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
  void read(std::string& out);
  // The same, but nothing may come: then false.
  bool read_within(std::string& out, Clock::duration patience);
  // Reads until `marker` has come; what came behind it is for the next read.
  void read_until(std::string_view marker);

  // When the last read's output was here, before it was acknowledged.
  Clock::time_point arrived() const { return arrived_; }
  // All output so far, in bytes.
  std::uint64_t received() const { return received_; }
  // When the login began: the gateway has its first frame, or ssh is started.
  Clock::time_point began() const { return began_; }

  // Output is acknowledged when it is read, unless its reader wants to say when.
  void acknowledge_by_hand() { by_hand_ = true; }
  virtual void acknowledge(std::uint64_t /*received*/) {}

  // Readable when output may be there; read() may have some that this does not tell of (buffered).
  virtual int descriptor() const = 0;
  virtual bool buffered() const { return !rest_.empty(); }
  // How much is taken from the descriptor at once.
  void set_read_size(std::size_t bytes) { read_size_ = bytes; }

 protected:
  // Appends output. False: none came in time.
  virtual bool receive(std::string& out, Clock::duration patience) = 0;
  // Waits until `descriptor` is readable.
  static bool wait_readable(int descriptor, Clock::duration patience);
  std::size_t read_size() const { return read_size_; }
  void begin() { began_ = Clock::now(); }

 private:
  std::string rest_;
  Clock::time_point arrived_;
  Clock::time_point began_;
  std::uint64_t received_ = 0;
  bool by_hand_ = false;
  std::size_t read_size_ = 128 * 1024;
};

// The two ways to a shell.
enum class Way { kSsh, kGateway };

// `ssh -tt` in a pseudo-terminal of ours, as a person's terminal runs it.
class SshTerminal final : public Terminal {
 public:
  explicit SshTerminal(const Target& target);
  ~SshTerminal() override;
  void write(std::string_view bytes) override;
  int descriptor() const override { return pty_; }
  int pid() const { return pid_; }

 private:
  bool receive(std::string& out, Clock::duration patience) override;
  int pty_ = -1;
  int pid_ = -1;
  std::string buffer_;
};

// A session of the gateway at 127.0.0.1:`port` over sallyport.v1.
std::unique_ptr<Terminal> open_gateway_terminal(unsigned port, const Target& target);

}  // namespace sallyport::bench
