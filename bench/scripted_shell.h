#pragma once

#include <libssh/callbacks.h>
#include <libssh/server.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::bench {

// One connection to the scripted host, from the key exchange to the end of its shell. Never waits:
// whoever owns it waits for its socket and calls turn(). Any password signs in.
class ScriptedShell {
 public:
  // Takes the descriptor. Null: libssh would not have it.
  static std::unique_ptr<ScriptedShell> start(ssh_bind bind, int descriptor);
  ~ScriptedShell();
  ScriptedShell(const ScriptedShell&) = delete;
  ScriptedShell& operator=(const ScriptedShell&) = delete;

  // Does what can be done now. False: it is over.
  bool turn();
  // After turn(): it waits for the socket to take more.
  bool wants_write() const;
  // A part of a second has passed. True: turn() has something to print.
  bool tick(std::size_t ticks_per_second);

 private:
  explicit ScriptedShell(ssh_session session);
  void set_callbacks();
  void type(std::string_view bytes);
  void obey(const std::string& line);
  void print();
  std::size_t write(std::string_view bytes);

  ssh_session session_;
  ssh_event event_;
  ssh_channel channel_ = nullptr;
  ssh_server_callbacks_struct server_callbacks_{};
  ssh_channel_callbacks_struct channel_callbacks_{};
  bool closed_ = false;
  std::string pending_;  // echo and prompts the window has not taken
  std::string line_;
  bool flooding_ = false;
  std::size_t rate_ = 0;  // bytes per second of `!print`
  std::size_t due_ = 0;   // of them, now
  std::size_t at_ = 0;    // in the text that is printed
};

}  // namespace sallyport::bench
