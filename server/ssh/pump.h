#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "ssh/algorithms.h"
#include "ssh/byte_stream.h"
#include "ssh/callbacks.h"
#include "ssh/challenge.h"
#include "ssh/transport.h"
#include "terminal/shell_port.h"

// libssh2 stays behind the pump: nobody else calls it.
struct _LIBSSH2_CHANNEL;

namespace sallyport::ssh {

// One SSH connection as a machine without a clock or a socket: every call does what can be done
// now. It knows no Asio; whoever owns it waits for the stream and calls again.
class Pump {
 public:
  explicit Pump(ByteStream& stream);
  ~Pump();
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  // What a step of the login came to. kWait: wait for wants(), then call the same step with the
  // same arguments. kRefused: the host said no and the connection lives on. kFailed: it does not,
  // or the step never can (error()).
  enum class Outcome { kDone, kWait, kRefused, kFailed };

  // ---- the login, in this order
  Outcome handshake(const algorithms::Offer& offer);  // RFC 4253, to the end of the key exchange
  std::string host_key() const;                       // its wire form (RFC 4253, section 6.6)
  struct Negotiated {
    std::string kex, hostkey, cipher_in, cipher_out, mac_in, mac_out;
  };
  Negotiated negotiated() const;

  // Asks with method "none" which methods go on (RFC 4252, section 5.2). kDone with authenticated()
  // where none is needed.
  Outcome list_methods(const std::string& user, std::string& methods);
  bool authenticated() const;

  // Questions the host asks in the middle of a libssh2 call, which waits for the answers: run these
  // steps where the callback may take its time (fiber.h). No answers: the login is given up,
  // nothing more is sent.
  Outcome password(const std::string& user, const base::Secret& password,
                   Answerer& change);                                // RFC 4252, section 8
  Outcome interactive(const std::string& user, Answerer& answerer);  // RFC 4256
  // `certificate`: a line of an OpenSSH *-cert.pub file, or empty.
  Outcome public_key(const std::string& user, const base::Secret& key,
                     const base::Secret& passphrase, const std::string& certificate);
  std::string banner() const;  // SSH_MSG_USERAUTH_BANNER, as sent

  // `window`: the most the host may send before we read (RFC 4254, section 5.2). It begins with
  // kFirstWindow and grows while all is read at once; it is that small again when the reader was
  // slower than the host, because what is on its way then is ahead of the answer to the next key.
  Outcome open_channel(unsigned window);
  static constexpr unsigned kFirstWindow = 64 * 1024;
  Outcome request_pty(const std::string& term, unsigned cols, unsigned rows);
  Outcome set_env(const std::string& name, const std::string& value);  // kRefused is usual
  Outcome start_shell();

  // ---- the running shell
  struct Wants {
    bool read = false;   // call turn() when the stream is readable
    bool write = false;  // ... or writable
    bool again = false;  // call turn() again soon: there is more, but others should have their turn
  };
  using OnOutput = std::function<void(std::string_view)>;
  // Input before output: what waits is sent, then at most kTurnBytes are read, each piece handed to
  // `on_output` at once (which may call write(), pause(), resume() and resize()).
  Wants turn(const OnOutput& on_output);
  static constexpr std::size_t kTurnBytes = 256 * 1024;

  // Sends now what the host takes now, keeps the rest in order. True: turn() should be called.
  bool write(std::string_view bytes);
  std::size_t backlog() const { return input_.size() - input_at_; }
  bool resize(unsigned cols,
              unsigned rows);  // the last of several wins; true: turn() should be called
  void pause() {
    paused_ = true;
    window_ = std::min(window_, kFirstWindow);
    read_at_once_ = 0;
  }
  void resume() { paused_ = false; }
  bool paused() const { return paused_; }
  // For a link that has been silent for a while: something that the host's TCP must acknowledge, so
  // that a dead one is noticed. No reply is asked for: libssh2 would keep each for good.
  void keep_alive();

  // How it ended, once all output was handed on.
  enum class End { kRunning, kExited, kClosed, kTimedOut, kBroken };
  End end() const { return end_; }
  const terminal::ShellExit& exit() const { return exit_; }
  bool printed() const { return printed_; }  // the shell printed anything at all

  // ---- either
  Wants wants() const;  // after kWait
  // The stream is readable or writable again.
  void woke() {
    transport_.woke();
    transport_.flush();
  }
  void fill() { transport_.fill(); }
  const Transport& transport() const { return transport_; }
  struct Error {
    int code = 0;      // libssh2's
    std::string text;  // ours or libssh2's, never a secret
  };
  Error error() const;
  // The user's key was not used: the host would have had it sign with SHA-1, and the offer of the
  // handshake had no such signature.
  bool refused_sha1() const { return refused_sha1_; }
  const std::string& goodbye() const;  // the text of the host's SSH_MSG_DISCONNECT, as sent
  bool disconnected() const { return context_.disconnected; }
  // Nothing is sent or received any more.
  void cut() { transport_.cut(); }

 private:
  Outcome outcome(long code);
  Outcome broken(std::string reason);
  void send_input();
  void send_resize();
  void read_output(const OnOutput& on_output);
  void widen_window();
  bool send_widening();  // false: not yet
  void fail(long code);
  void settle();  // is it over?

  Transport transport_;
  CallbackContext context_;
  _LIBSSH2_SESSION* session_ = nullptr;
  _LIBSSH2_CHANNEL* channel_ = nullptr;

  std::string input_;         // for the shell, not yet taken by libssh2
  std::size_t input_at_ = 0;  // what of it was
  std::optional<std::pair<unsigned, unsigned>>
      resize_sending_;  // must be repeated until it is through
  std::optional<std::pair<unsigned, unsigned>> resize_next_;
  unsigned window_ = 0;           // what the host may send ahead, now
  unsigned widening_ = 0;         // to be added to it and not sent yet
  unsigned window_limit_ = 0;     // and at most
  std::size_t read_at_once_ = 0;  // bytes since the last pause or growth
  bool paused_ = false;
  bool printed_ = false;
  bool more_ = false;  // the last turn ended with output left to read
  End end_ = End::kRunning;
  terminal::ShellExit exit_;
  std::string reason_;
  bool allows_sha1_ = false;
  bool refused_sha1_ = false;
};

}  // namespace sallyport::ssh
