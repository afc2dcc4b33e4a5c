#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "throwaway_keys.h"

struct ssh_session_struct;  // libssh's ssh_session points to one

namespace sallyport::support {

// An SSH server that does on demand what a real one will not: odd prompts, silence and an early end
// at each stage, output cut anywhere. Built on libssh's server side; each connection has a thread
// of its own.
struct Script {
  // Where the server falls silent, or ends the connection.
  enum class Stage {
    kNever,
    kAccept,
    kIdentification,
    kKeyExchange,
    kAuth,
    kPrompt,
    kChannel,
    kPty,
    kShell
  };
  Stage silent_at = Stage::kNever;
  Stage ends_at = Stage::kNever;
  bool resets = false;       // the end is an RST, not a FIN
  bool any_address = false;  // listens on all addresses, not on loopback only

  std::string greeting =
      {};  // raw bytes in place of SSH: sent, then silence or, with ends_at kAccept, the end

  std::string password = "right horse";  // of any user; "" accepts none
  bool offers_password = true;
  bool offers_publickey = false;  // any key
  bool offers_interactive = false;
  bool interactive_after = false;  // one of the others first, then keyboard-interactive
  struct Question {
    std::string text = {};
    bool echo = false;
    std::string answer = {};
  };
  struct Round {
    std::string name = {}, instruction = {};
    std::vector<Question> questions = {};
  };
  std::vector<Round> rounds = {};  // of keyboard-interactive; without any it succeeds at once

  std::vector<std::string> prints = {};  // what the shell prints, each piece in a packet of its own
  int exits_after_prints = -1;           // with this status; -1: the shell goes on
  bool refuses_pty = false;
  bool refuses_shell = false;
  std::string kex = {};  // libssh's names, when not its default
  std::string host_key_type = "ed25519";
  std::uint64_t rekey_after =
      0;  // bytes, after which the server asks for new keys; 0: libssh's own idea
};

// The shell echoes what it gets. Lines that start with '!' are for it:
//   !flood N    prints N bytes of flood_bytes()        !exit N      ends with status N
//   !signal S   ends by the signal SIGS                !cut         closes the connection without a
//   word !junk       sends bytes that are no packet         !size        prints "COLSxROWS" as last
//   told !reset      resets the connection                  !deaf        takes no packet any more
class ScriptedSshServer {
 public:
  explicit ScriptedSshServer(Script script = {});
  ~ScriptedSshServer();
  ScriptedSshServer(const ScriptedSshServer&) = delete;
  ScriptedSshServer& operator=(const ScriptedSshServer&) = delete;

  std::string host() const { return "127.0.0.1"; }
  unsigned port() const { return port_; }
  const KeyPair& host_key() const { return host_key_; }
  // Serves one connection that is there already (a socketpair's end), on a thread; takes the
  // descriptor.
  void serve(int descriptor);

  int connections() const { return connections_; }
  // Messages of any user's: RFC 4252 requests other than "none". 0 proves that nothing of the
  // user's was sent.
  int auth_requests() const { return auth_requests_; }
  // Messages of any kind behind the key exchange but the request for the service "ssh-userauth",
  // which libssh2 makes part of its handshake and which says nothing of the user; and connections
  // that have ended.
  int messages() const { return messages_; }
  int served() const { return served_; }
  // Waits until the server has reached the stage where its script stops it; false after 20 s.
  bool wait_until_stopped();

 private:
  struct Serving;
  void accept_loop();
  void serve_one(int descriptor);
  static void reset(int descriptor);
  void serve_session(ssh_session_struct* session, int descriptor);  // after the key exchange
  static void send_raw(int descriptor, std::string_view bytes);
  bool stops_at(Script::Stage stage, int descriptor);
  void stopped();

  Script script_;
  TemporaryFolder folder_;
  KeyPair host_key_;
  int listener_ = -1;
  unsigned port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<int> auth_requests_ = 0;
  std::atomic<int> messages_ = 0;
  std::atomic<int> served_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  int stopped_ = 0;
  bool closing_ = false;
  std::set<int> open_;  // descriptors being served
  std::list<std::thread> threads_;
  std::vector<std::list<std::thread>::iterator> finished_;
  std::thread acceptor_;
};

// The bytes of a flood: lines with a counter, so that a lost or doubled byte shows.
std::string flood_bytes(std::size_t count);

}  // namespace sallyport::support
