#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/failure.h"
#include "base/secret.h"

// The wire `sallyport.v1`: docs/protocol.md is its contract. A message is a type and the set is
// closed.
namespace sallyport::protocol {

inline constexpr std::string_view kSubprotocol = "sallyport.v1";
inline constexpr std::size_t kFirstFrameLimit = 64 * 1024;  // bytes, before `opened`/`attached`
inline constexpr std::size_t kFrameLimit = 1024 * 1024;     // bytes, after
inline constexpr unsigned kMaxCells = 1000;                 // columns or rows
inline constexpr std::size_t kMaxListed = 64;               // sessions of one `list`

struct Size {
  unsigned cols = 80;  // 1..kMaxCells
  unsigned rows = 24;
  bool operator==(const Size&) const = default;
};

struct PasswordAuth {
  base::Secret password;
};
struct PublicKeyAuth {
  base::Secret key;         // OpenSSH or PEM text
  base::Secret passphrase;  // empty: none
  std::string certificate;  // one line of an OpenSSH *-cert.pub file; empty: none
};
struct InteractiveAuth {};
using Auth = std::variant<std::monostate, PasswordAuth, PublicKeyAuth, InteractiveAuth>;

// ---- client to server
struct Open {
  std::string preset;  // empty: host, port and username are given
  std::string host;
  unsigned port = 22;
  std::string username;
  Auth auth;  // monostate only with a preset
  Size size;
  std::string term = "xterm-256color";
  std::string encoding = "utf-8";
  std::vector<std::pair<std::string, std::string>> env;
  std::string client = {};  // a random name of whoever numbers the input
};
struct Attach {
  std::string session;
  base::Secret token;
  std::uint64_t received = 0;
  Size size;
  bool watch = false;  // read-only; `token` is the session's watch token
  std::string client = {};
  bool take = true;  // false: not from another client that has had the keyboard since
};
// Which of these still run?
struct List {
  struct Entry {
    std::string session;
    base::Secret token;
  };
  std::vector<Entry> sessions;
};
struct Input {
  std::uint64_t seq = 0;
  std::string data;  // UTF-8
};
struct Resize {
  Size size;
};
struct Ack {
  std::uint64_t end = 0;
};
struct Answer {
  std::uint64_t prompt = 0;
  std::optional<bool> accept;                       // a `hostkey` prompt's
  std::optional<std::vector<base::Secret>> values;  // a `questions` prompt's
};
struct Close {};
struct Ping {
  std::uint64_t id = 0;
};
using ClientFrame = std::variant<Open, Attach, List, Input, Resize, Ack, Answer, Close, Ping>;

// ---- server to client
struct Progress {
  base::Stage stage;
};
struct HostKeyPrompt {
  std::uint64_t id = 0;
  std::string host;
  unsigned port = 22;
  std::string algorithm;    // "ssh-ed25519"
  std::string fingerprint;  // "SHA256:..." (OpenSSH's form, base64 without padding)
};
struct Question {
  std::string text;
  bool echo = false;
};
struct QuestionsPrompt {
  std::uint64_t id = 0;
  std::string name;
  std::string instruction;
  std::vector<Question> questions;
};
struct Algorithms {
  std::string kex, hostkey, cipher_in, cipher_out, mac_in, mac_out;
  bool legacy = false;  // one of them is old, and the host was allowed it
};
struct Opened {
  std::string session;
  const base::Secret* token = nullptr;  // borrowed for the encoding
  const base::Secret* watch = nullptr;  // null: watching is off
  std::string host;
  unsigned port = 22;
  std::string username;
  std::string banner;
  Algorithms algorithms;
};
struct Attached {
  std::uint64_t input = 0;
  bool yours = true;  // the client that numbered it is this one
  std::uint64_t start = 0;
  std::uint64_t end = 0;  // what ends at or before it was printed before now
  Size size;
  std::string host;
  unsigned port = 22;
  std::string username;
  Algorithms algorithms;
};
// The terminal has another size (to watchers; a Resize is the client's).
struct Resized {
  Size size;
};
struct Pong {
  std::uint64_t id = 0;
  std::optional<std::chrono::microseconds> host;  // from the gateway to the host and back
};
struct Sessions {
  struct Entry {
    std::string session;
    std::string host;
    unsigned port = 22;
    std::string username;
    bool attached = false;      // somebody has the keyboard
    std::uint64_t seconds = 0;  // since somebody last had
  };
  std::vector<Entry> sessions;
};
struct Output {
  std::uint64_t end = 0;
  std::string_view data;
};
struct Accepted {
  std::uint64_t seq = 0;
};
struct Exited {
  int status = 0;
  std::string signal;  // "TERM"; empty: ended with `status`
};
// `error` is a base::Failure.

enum class CloseCode : std::uint16_t {
  kSessionEnded = 1000,
  kStopping = 1001,
  kBadFrame = 4000,
  kSignInFirst = 4001,
  kForbidden = 4003,
  kNoSuchSession = 4004,
  kTooSlow = 4008,
  kTakenOver = 4009,
  kIdleLimit = 4010,
  kTimeLimit = 4011,
  kEndedByAdministrator = 4012,
  kTooManySessions = 4013,
  kCouldNotConnect = 4014,
};

}  // namespace sallyport::protocol
