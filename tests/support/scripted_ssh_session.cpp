// The scripted server's conversation on one connection, from the sign-in to the end of the shell.
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <linux/filter.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "scripted_ssh_server.h"

// libssh would have callbacks in place of its message functions; a script reads better in order.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace sallyport::support {
namespace {

using Stage = Script::Stage;
using Clock = std::chrono::steady_clock;

struct FreeMessage {
  void operator()(ssh_message message) const { ssh_message_free(message); }
};
using Message = std::unique_ptr<std::remove_pointer_t<ssh_message>, FreeMessage>;

// libssh waits for ever on a connection that ended under it: so it is asked again and again, and
// this says when to stop.
constexpr int kLookUpEvery = 200;  // ms
constexpr int kPatience = 10'000;  // ms

constexpr std::size_t kPiece = 30'000;  // bytes of output in a packet

std::string flood_line(std::size_t number) {
  return "line " + std::to_string(number) + " of a flood\r\n";
}

bool is_over(ssh_session session, int descriptor) {
  char next;
  const ssize_t n = ::recv(descriptor, &next, 1, MSG_PEEK | MSG_DONTWAIT);
  const bool ended = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
  return ended || ssh_is_connected(session) == 0;
}

// No acknowledgement leaves a socket whose filter takes no packet.
void drop_all(int descriptor) {
  sock_filter nothing{BPF_RET | BPF_K, 0, 0, 0};
  const sock_fprog program{1, &nothing};
  ::setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

}  // namespace

// One connection, after the key exchange.
struct ScriptedSshServer::Serving {
  ScriptedSshServer& server;
  const Script& script;
  ssh_session session;
  int descriptor;
  ssh_channel channel = nullptr;
  std::size_t round = 0;
  bool first_done = false;
  int cols = 0, rows = 0;
  Clock::time_point deaf_until = Clock::time_point::max();  // it would not even see the end

  unsigned methods() const {
    unsigned all = 0;
    if (script.interactive_after && first_done) return SSH_AUTH_METHOD_INTERACTIVE;
    if (script.offers_password) all |= SSH_AUTH_METHOD_PASSWORD;
    if (script.offers_publickey) all |= SSH_AUTH_METHOD_PUBLICKEY;
    if (script.offers_interactive) all |= SSH_AUTH_METHOD_INTERACTIVE;
    return all;
  }
  bool refuse(ssh_message message) {
    ssh_message_auth_set_methods(message, static_cast<int>(methods()));
    ssh_message_reply_default(message);
    return false;
  }
  bool succeed(ssh_message message, bool is_first) {
    if (is_first && script.interactive_after && !first_done) {
      first_done = true;
      ssh_message_auth_set_methods(message, static_cast<int>(methods()));
      ssh_message_auth_reply_success(message, 1);
      return false;
    }
    ssh_message_auth_reply_success(message, 0);
    return true;
  }
  void ask(ssh_message message) {
    const Script::Round& now = script.rounds[round];
    std::vector<const char*> texts;
    std::vector<char> echo;
    for (const Script::Question& question : now.questions) {
      texts.push_back(question.text.c_str());
      echo.push_back(question.echo ? 1 : 0);
    }
    ssh_message_auth_interactive_request(message, now.name.c_str(), now.instruction.c_str(),
                                         static_cast<unsigned>(texts.size()), texts.data(),
                                         echo.data());
  }
  bool answers_are_right() const {
    const Script::Round& now = script.rounds[round];
    if (ssh_userauth_kbdint_getnanswers(session) != static_cast<int>(now.questions.size()))
      return false;
    for (std::size_t i = 0; i < now.questions.size(); ++i) {
      const char* given = ssh_userauth_kbdint_getanswer(session, static_cast<unsigned>(i));
      if (!given || now.questions[i].answer != given) return false;
    }
    return true;
  }

  // True: signed in. False with `over`: the script stops here.
  bool on_auth(ssh_message message, bool& over) {
    const auto method = static_cast<unsigned>(ssh_message_subtype(message));
    if (method == SSH_AUTH_METHOD_NONE) return refuse(message);
    ++server.auth_requests_;
    if (server.stops_at(Stage::kAuth, descriptor)) {
      over = true;
      return false;
    }
    if (method == SSH_AUTH_METHOD_PASSWORD && (methods() & SSH_AUTH_METHOD_PASSWORD) != 0) {
      const char* given = ssh_message_auth_password(message);
      const bool right = given && !script.password.empty() && script.password == given;
      return right ? succeed(message, true) : refuse(message);
    }
    if (method == SSH_AUTH_METHOD_PUBLICKEY && (methods() & SSH_AUTH_METHOD_PUBLICKEY) != 0) {
      if (ssh_message_auth_publickey_state(message) == SSH_PUBLICKEY_STATE_NONE) {
        ssh_message_auth_reply_pk_ok_simple(message);
        return false;
      }
      return ssh_message_auth_publickey_state(message) == SSH_PUBLICKEY_STATE_VALID
                 ? succeed(message, true)
                 : refuse(message);
    }
    if (method == SSH_AUTH_METHOD_INTERACTIVE && (methods() & SSH_AUTH_METHOD_INTERACTIVE) != 0) {
      if (ssh_message_auth_kbdint_is_response(message)) {
        if (!answers_are_right()) {
          round = 0;
          return refuse(message);
        }
        ++round;
      } else {
        round = 0;
      }
      if (round == script.rounds.size()) return succeed(message, false);
      ask(message);
      if (server.stops_at(Stage::kPrompt, descriptor)) over = true;
      return false;
    }
    return refuse(message);
  }

  // True: the shell may begin. False with `over`: the script stops here.
  bool on_message(ssh_message message, bool& over) {
    switch (ssh_message_type(message)) {
      case SSH_REQUEST_CHANNEL_OPEN:
        if (server.stops_at(Stage::kChannel, descriptor)) {
          over = true;
          return false;
        }
        channel = ssh_message_channel_request_open_reply_accept(message);
        return false;
      case SSH_REQUEST_CHANNEL:
        break;
      default:
        ssh_message_reply_default(message);
        return false;
    }
    const int kind = ssh_message_subtype(message);
    if (kind == SSH_CHANNEL_REQUEST_PTY) {
      over = server.stops_at(Stage::kPty, descriptor);
      if (over) return false;
      cols = ssh_message_channel_request_pty_width(message);
      rows = ssh_message_channel_request_pty_height(message);
      reply(message, !script.refuses_pty);
    } else if (kind == SSH_CHANNEL_REQUEST_SHELL) {
      over = server.stops_at(Stage::kShell, descriptor);
      if (over) return false;
      reply(message, !script.refuses_shell);
      return !script.refuses_shell;
    } else {
      on_late_message(message);
    }
    return false;
  }
  void reply(ssh_message message, bool yes) {
    if (yes) {
      ssh_message_channel_request_reply_success(message);
    } else {
      ssh_message_reply_default(message);
    }
  }
  void on_late_message(ssh_message message) {
    if (ssh_message_type(message) == SSH_REQUEST_CHANNEL &&
        ssh_message_subtype(message) == SSH_CHANNEL_REQUEST_WINDOW_CHANGE) {
      cols = ssh_message_channel_request_pty_width(message);
      rows = ssh_message_channel_request_pty_height(message);
      return;
    }
    ssh_message_reply_default(message);
  }

  // False: not all of it, nobody takes it.
  bool print(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto piece = static_cast<std::uint32_t>(std::min(bytes.size(), kPiece));
      const int n = ssh_channel_write(channel, bytes.data(), piece);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // flood_bytes(), however many, without having them all.
  void print_flood(std::size_t count) {
    std::string piece;
    for (std::size_t line = 0; count > 0;) {
      piece.clear();
      while (piece.size() < kPiece) piece += flood_line(line++);
      piece.resize(std::min(piece.size(), count));
      count -= piece.size();
      if (!print(piece)) return;
    }
  }
  void exit_with(int status) {
    ssh_channel_request_send_exit_status(channel, status);
    ssh_channel_send_eof(channel);
    ssh_channel_close(channel);
  }

  // True: the shell goes on.
  bool obey(const std::string& line) {
    const std::string word = line.substr(0, line.find(' '));
    const std::string rest = word.size() < line.size() ? line.substr(word.size() + 1) : "";
    if (word == "!flood") {
      print_flood(std::stoul(rest));
    } else if (word == "!exit") {
      exit_with(std::stoi(rest));
      return false;
    } else if (word == "!signal") {
      ssh_channel_request_send_exit_signal(channel, rest.c_str(), 0, "", "");
      ssh_channel_send_eof(channel);
      ssh_channel_close(channel);
      return false;
    } else if (word == "!cut") {
      ssh_blocking_flush(session, kPatience);  // what was printed is on its way
      ::shutdown(descriptor, SHUT_RDWR);
      return false;
    } else if (word == "!reset") {
      server.reset(descriptor);
      return false;
    } else if (word == "!junk") {
      ssh_blocking_flush(session, kPatience);
      send_raw(descriptor, std::string(256, 'j'));
    } else if (word == "!deaf") {
      drop_all(descriptor);
      deaf_until = Clock::now() + std::chrono::milliseconds(kPatience);
    } else if (word == "!size") {
      print(std::to_string(cols) + "x" + std::to_string(rows) + "\r\n");
    }
    return true;
  }

  void be_patient(bool patient) {
    const long seconds = patient ? 10 : 0;
    const long microseconds = patient ? 0 : kLookUpEvery * 1000L;
    ssh_options_set(session, SSH_OPTIONS_TIMEOUT, &seconds);
    ssh_options_set(session, SSH_OPTIONS_TIMEOUT_USEC, &microseconds);
  }

  void run_shell() {
    // A write may have to wait for a key exchange, or for a reader who is asleep.
    be_patient(true);
    // From here on libssh reads the channel, and other requests (a new size) come by callback.
    ssh_set_message_callback(
        session,
        [](ssh_session, ssh_message message, void* serving) {
          static_cast<Serving*>(serving)->on_late_message(message);
          return 0;
        },
        this);
    for (const std::string& piece : script.prints) print(piece);
    if (script.exits_after_prints >= 0) return exit_with(script.exits_after_prints);
    std::string line;
    std::array<char, 16 * 1024> bytes;
    for (;;) {
      const int n = ssh_channel_read_timeout(channel, bytes.data(), bytes.size(), 0, kLookUpEvery);
      // Nothing in time: libssh 0.10 says 0, 0.11 says SSH_AGAIN.
      const bool nothing = n == 0 || n == SSH_AGAIN;
      if (Clock::now() > deaf_until) return server.reset(descriptor);
      if (nothing && !ssh_channel_is_eof(channel) && !is_over(session, descriptor)) continue;
      if (n <= 0) return;
      const std::string_view got(bytes.data(), static_cast<std::size_t>(n));
      print(got);
      for (const char c : got) {
        if (c != '\n' && c != '\r') {
          line += c;
          continue;
        }
        if (line.starts_with('!') && !obey(line)) return;
        line.clear();
      }
    }
  }
  void run() {
    bool signed_in = false;
    be_patient(false);
    while (!is_over(session, descriptor) && Clock::now() < deaf_until) {
      Message message(ssh_message_get(session));
      if (!message) continue;
      if (ssh_message_type(message.get()) != SSH_REQUEST_SERVICE) ++server.messages_;
      bool over = false;
      if (!signed_in && ssh_message_type(message.get()) == SSH_REQUEST_AUTH) {
        signed_in = on_auth(message.get(), over);
      } else if (!signed_in) {
        ssh_message_reply_default(message.get());
      } else if (on_message(message.get(), over)) {
        message.reset();
        run_shell();
        be_patient(false);
        signed_in = false;  // whatever else is asked is refused; what libssh holds back while keys
                            // change goes out
      }
      if (over) return;
    }
  }
};

void ScriptedSshServer::serve_session(ssh_session_struct* session, int descriptor) {
  Serving{*this, script_, session, descriptor}.run();
}

std::string flood_bytes(std::size_t count) {
  std::string bytes;
  bytes.reserve(count + 32);
  for (std::size_t line = 0; bytes.size() < count; ++line) bytes += flood_line(line);
  bytes.resize(count);
  return bytes;
}

}  // namespace sallyport::support
