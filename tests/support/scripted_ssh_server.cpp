#include "scripted_ssh_server.h"

#include <arpa/inet.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

// libssh would have callbacks in place of its message functions; a script reads better in order.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace sallyport::support {
namespace {

using Stage = Script::Stage;

struct FreeSession {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
};
struct FreeBind {
  void operator()(ssh_bind bind) const { ssh_bind_free(bind); }
};
struct FreeMessage {
  void operator()(ssh_message message) const { ssh_message_free(message); }
};
using Session = std::unique_ptr<std::remove_pointer_t<ssh_session>, FreeSession>;
using Bind = std::unique_ptr<std::remove_pointer_t<ssh_bind>, FreeBind>;
using Message = std::unique_ptr<std::remove_pointer_t<ssh_message>, FreeMessage>;

// Until the other side, or the destructor, ends it.
void wait_for_the_end(int descriptor) {
  std::array<char, 4096> ignored;
  for (;;) {
    pollfd wait{descriptor, POLLIN, 0};
    if (::poll(&wait, 1, -1) < 0 && errno != EINTR) return;
    const ssize_t n = ::recv(descriptor, ignored.data(), ignored.size(), 0);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) return;
  }
}

// libssh waits for ever on a connection that ended under it: so it is asked again and again, and
// this says when to stop.
constexpr int kLookUpEvery = 200;  // ms
constexpr int kPatience = 10'000;  // ms

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

void send_raw(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

std::string flood_bytes(std::size_t count) {
  std::string bytes;
  bytes.reserve(count + 32);
  for (std::size_t line = 0; bytes.size() < count; ++line)
    bytes += "line " + std::to_string(line) + " of a flood\r\n";
  bytes.resize(count);
  return bytes;
}

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

  void print(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto piece = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), 30'000));
      const int n = ssh_channel_write(channel, bytes.data(), piece);
      if (n <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(n));
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
      print(flood_bytes(std::stoul(rest)));
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
    } else if (word == "!junk") {
      ssh_blocking_flush(session, kPatience);
      send_raw(descriptor, std::string(256, 'j'));
    } else if (word == "!deaf") {
      drop_all(descriptor);
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
      if (n == 0 && !ssh_channel_is_eof(channel) && !is_over(session, descriptor)) continue;
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
    while (!is_over(session, descriptor)) {
      Message message(ssh_message_get(session));
      if (!message) continue;
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

ScriptedSshServer::ScriptedSshServer(Script script)
    : script_(std::move(script)),
      host_key_(make_key(folder_.path(), "host_key", key_of_type(script_.host_key_type))) {
  ssh_init();
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, length) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, generic, &length) != 0) {
    throw std::system_error(errno, std::generic_category(), "scripted server");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

ScriptedSshServer::~ScriptedSshServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
}

void ScriptedSshServer::accept_loop() {
  for (;;) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0 && errno == EINTR) continue;
    if (descriptor < 0) return;
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    serve(descriptor);
  }
}

void ScriptedSshServer::serve(int descriptor) {
  const std::lock_guard lock(mutex_);
  if (closing_) {
    ::close(descriptor);
    return;
  }
  ++connections_;
  open_.insert(descriptor);
  threads_.emplace_back([this, descriptor] {
    serve_one(descriptor);
    const std::lock_guard done(mutex_);
    open_.erase(descriptor);
    ::close(descriptor);
  });
}

void ScriptedSshServer::stopped() {
  const std::lock_guard lock(mutex_);
  ++stopped_;
  changed_.notify_all();
}

bool ScriptedSshServer::wait_until_stopped() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return stopped_ > 0; });
}

bool ScriptedSshServer::stops_at(Stage stage, int descriptor) {
  if (script_.silent_at == stage) {
    stopped();
    wait_for_the_end(descriptor);
    return true;
  }
  if (script_.ends_at == stage) {
    ::shutdown(descriptor, SHUT_RDWR);
    stopped();
    return true;
  }
  return false;
}

void ScriptedSshServer::serve_one(int descriptor) {
  const auto raw = [&](std::string_view bytes, Stage then) {
    send_raw(descriptor, bytes);
    stops_at(then, descriptor);
  };
  if (!script_.greeting.empty()) {
    send_raw(descriptor, script_.greeting);
    if (!stops_at(Stage::kAccept, descriptor)) wait_for_the_end(descriptor);
    return;
  }
  for (const Stage stage : {script_.silent_at, script_.ends_at}) {
    if (stage != Stage::kAccept && stage != Stage::kIdentification && stage != Stage::kKeyExchange)
      continue;
    if (stage == Stage::kAccept) {
      raw("", stage);
    } else if (stage == Stage::kIdentification) {
      raw("SSH-2.0-scripted\r\n", stage);
    } else {
      // The first half of a KEXINIT.
      raw(std::string("SSH-2.0-scripted\r\n") + std::string("\0\0\2\0\6\x14", 6) +
              std::string(64, 'c'),
          stage);
    }
    return;
  }
  {
    const Bind bind(ssh_bind_new());
    const Session session(ssh_new());
    const std::string key = host_key_.file.string();
    ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_HOSTKEY, key.c_str());
    const bool no_config = false;
    ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_PROCESS_CONFIG, &no_config);
    if (!script_.kex.empty()) {
      ssh_bind_options_set(bind.get(), SSH_BIND_OPTIONS_KEY_EXCHANGE, script_.kex.c_str());
    }
    if (script_.rekey_after != 0)
      ssh_options_set(session.get(), SSH_OPTIONS_REKEY_DATA, &script_.rekey_after);
    // libssh closes what it was given; this one stays for the destructor to shut down.
    const int own = ::dup(descriptor);
    if (ssh_bind_accept_fd(bind.get(), session.get(), own) == SSH_OK &&
        ssh_handle_key_exchange(session.get()) == SSH_OK) {
      Serving{*this, script_, session.get(), descriptor}.run();
    }
  }
}

}  // namespace sallyport::support
