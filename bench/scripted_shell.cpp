#include "scripted_shell.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "log_lines.h"

namespace sallyport::bench {
namespace {

constexpr std::string_view kPrompt = "scripted> ";
constexpr std::size_t kPiece = 32 * 1024;  // bytes: one packet of OpenSSH's
constexpr int kTurnsAtOnce = 4;            // of libssh, while it has something to send

// What every flood repeats.
const std::string& text() {
  static const std::string lines = log_lines(1024 * 1024);
  return lines;
}

ScriptedShell& self(void* userdata) { return *static_cast<ScriptedShell*>(userdata); }

}  // namespace

std::unique_ptr<ScriptedShell> ScriptedShell::start(ssh_bind bind, int descriptor) {
  const ssh_session session = ssh_new();
  if (ssh_bind_accept_fd(bind, session, descriptor) != SSH_OK) {
    ssh_free(session);
    close(descriptor);
    return nullptr;
  }
  std::unique_ptr<ScriptedShell> shell(new ScriptedShell(session));
  ssh_set_blocking(session, 0);
  ssh_set_auth_methods(session, SSH_AUTH_METHOD_PASSWORD);
  shell->set_callbacks();
  ssh_handle_key_exchange(session);  // begins it; the packets that follow go on by themselves
  ssh_event_add_session(shell->event_, session);
  return shell;
}

ScriptedShell::ScriptedShell(ssh_session session) : session_(session), event_(ssh_event_new()) {}

ScriptedShell::~ScriptedShell() {
  ssh_event_remove_session(event_, session_);
  ssh_event_free(event_);
  ssh_free(session_);  // with its channel and its socket
}

void ScriptedShell::set_callbacks() {
  server_callbacks_.userdata = this;
  server_callbacks_.auth_password_function = [](ssh_session, const char*, const char*, void*) {
    return static_cast<int>(SSH_AUTH_SUCCESS);
  };
  server_callbacks_.channel_open_request_session_function = [](ssh_session session, void* user) {
    ScriptedShell& shell = self(user);
    shell.channel_ = ssh_channel_new(session);
    ssh_set_channel_callbacks(shell.channel_, &shell.channel_callbacks_);
    return shell.channel_;
  };
  ssh_callbacks_init(&server_callbacks_);
  ssh_set_server_callbacks(session_, &server_callbacks_);

  channel_callbacks_.userdata = this;
  channel_callbacks_.channel_pty_request_function = [](ssh_session, ssh_channel, const char*, int,
                                                       int, int, int, void*) { return 0; };
  channel_callbacks_.channel_pty_window_change_function = [](ssh_session, ssh_channel, int, int,
                                                             int, int, void*) { return 0; };
  channel_callbacks_.channel_env_request_function = [](ssh_session, ssh_channel, const char*,
                                                       const char*, void*) { return 1; };
  channel_callbacks_.channel_shell_request_function = [](ssh_session, ssh_channel, void* user) {
    self(user).pending_ = kPrompt;
    return 0;
  };
  channel_callbacks_.channel_data_function = [](ssh_session, ssh_channel, void* data,
                                                std::uint32_t size, int, void* user) {
    self(user).type({static_cast<const char*>(data), size});
    return static_cast<int>(size);
  };
  channel_callbacks_.channel_close_function = [](ssh_session, ssh_channel, void* user) {
    self(user).closed_ = true;
  };
  ssh_callbacks_init(&channel_callbacks_);
}

bool ScriptedShell::turn() {
  for (int turns = 0; turns < kTurnsAtOnce; ++turns) {
    if (ssh_event_dopoll(event_, 0) == SSH_ERROR) return false;
    print();
    if (!wants_write()) break;
  }
  // Asked last: libssh closes the socket when a write fails, and its number is soon another's.
  return !closed_ && ssh_is_connected(session_) != 0;
}

bool ScriptedShell::wants_write() const {
  return (ssh_get_poll_flags(session_) & SSH_WRITE_PENDING) != 0;
}

bool ScriptedShell::tick(std::size_t ticks_per_second) {
  if (rate_ == 0) return false;
  due_ += rate_ / ticks_per_second;
  return true;
}

void ScriptedShell::type(std::string_view bytes) {
  for (const char key : bytes) {
    if (key == '\x03') {
      flooding_ = false;
      rate_ = due_ = 0;
      line_.clear();
      pending_ += "^C\r\n";
      pending_ += kPrompt;
    } else if (key == '\r' || key == '\n') {
      pending_ += "\r\n";
      if (line_.starts_with('!')) obey(line_);
      line_.clear();
    } else {
      pending_ += key;
      // Nothing that is meant for us is longer.
      if (line_.size() < 64) line_ += key;
    }
  }
}

void ScriptedShell::obey(const std::string& line) {
  if (line == "!flood") flooding_ = true;
  if (line.starts_with("!print ")) rate_ = std::strtoul(line.c_str() + 7, nullptr, 10);
}

// As much as the client's window and libssh take now, the echo first.
void ScriptedShell::print() {
  if (!channel_ || closed_) return;
  pending_.erase(0, write(pending_));
  while (pending_.empty() && (flooding_ || due_ > 0) && !wants_write()) {
    if (at_ == text().size()) at_ = 0;
    auto piece = std::string_view(text()).substr(at_, kPiece);
    if (!flooding_) piece = piece.substr(0, due_);
    const auto written = write(piece);
    if (written == 0) return;
    at_ += written;
    due_ -= std::min(due_, written);
  }
}

std::size_t ScriptedShell::write(std::string_view bytes) {
  if (bytes.empty() || ssh_channel_window_size(channel_) == 0) return 0;
  const int written =
      ssh_channel_write(channel_, bytes.data(), static_cast<std::uint32_t>(bytes.size()));
  return written > 0 ? static_cast<std::size_t>(written) : 0;
}

}  // namespace sallyport::bench
