#include "protocol/encode.h"

#include <array>
#include <charconv>

#include "base/json_text.h"

namespace sallyport::protocol {
namespace {

// Writes the members of one object. Names are ours and need no escape.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  Object(std::string& out, std::string_view type) : Object(out) { text("type", type); }
  ~Object() { out_ += '}'; }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  void text(std::string_view name, std::string_view utf8) {
    base::append_json_string(key(name), utf8);
  }
  void boolean(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  template <class Number>
  void number(std::string_view name, Number value) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    key(name).append(digits.data(), end);
  }
  // The name and its colon; the value is the caller's to append.
  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_algorithms(Object& object, const Algorithms& names) {
  if (names.legacy) object.boolean("legacy", true);
  Object algorithms(object.key("algorithms"));
  algorithms.text("kex", names.kex);
  algorithms.text("hostkey", names.hostkey);
  algorithms.text("cipher_in", names.cipher_in);
  algorithms.text("cipher_out", names.cipher_out);
  algorithms.text("mac_in", names.mac_in);
  algorithms.text("mac_out", names.mac_out);
}

}  // namespace

void encode(std::string& out, const Progress& message) {
  Object(out, "progress").text("stage", base::name(message.stage));
}

void encode(std::string& out, const HostKeyPrompt& message) {
  Object object(out, "prompt");
  object.number("id", message.id);
  object.text("kind", "hostkey");
  object.text("host", message.host);
  object.number("port", message.port);
  object.text("algorithm", message.algorithm);
  object.text("fingerprint", message.fingerprint);
}

void encode(std::string& out, const QuestionsPrompt& message) {
  Object object(out, "prompt");
  object.number("id", message.id);
  object.text("kind", "questions");
  object.text("name", message.name);
  object.text("instruction", message.instruction);
  object.key("questions") += '[';
  bool first = true;
  for (const Question& question : message.questions) {
    if (!first) out += ',';
    first = false;
    Object entry(out);
    entry.text("text", question.text);
    entry.boolean("echo", question.echo);
  }
  out += ']';
}

void encode(std::string& out, const Opened& message) {
  Object object(out, "opened");
  object.text("session", message.session);
  object.text("token", message.token == nullptr ? std::string_view() : message.token->reveal());
  if (message.watch != nullptr) object.text("watch", message.watch->reveal());
  object.text("host", message.host);
  object.number("port", message.port);
  object.text("username", message.username);
  object.text("banner", message.banner);
  append_algorithms(object, message.algorithms);
}

void encode(std::string& out, const Attached& message) {
  Object object(out, "attached");
  object.number("input", message.input);
  object.boolean("yours", message.yours);
  object.number("start", message.start);
  object.number("end", message.end);
  object.number("cols", message.size.cols);
  object.number("rows", message.size.rows);
  object.text("host", message.host);
  object.number("port", message.port);
  object.text("username", message.username);
  append_algorithms(object, message.algorithms);
}

void encode(std::string& out, const Resized& message) {
  Object object(out, "size");
  object.number("cols", message.size.cols);
  object.number("rows", message.size.rows);
}

void encode(std::string& out, const Pong& message) {
  Object object(out, "pong");
  object.number("id", message.id);
  if (message.host) object.number("host", static_cast<double>(message.host->count()) / 1000);
}

void encode(std::string& out, const Sessions& message) {
  Object object(out, "sessions");
  object.key("sessions") += '[';
  bool first = true;
  for (const Sessions::Entry& session : message.sessions) {
    if (!first) out += ',';
    first = false;
    Object entry(out);
    entry.text("session", session.session);
    entry.text("host", session.host);
    entry.number("port", session.port);
    entry.text("username", session.username);
    entry.boolean("attached", session.attached);
    entry.number("seconds", session.seconds);
  }
  out += ']';
}

void encode(std::string& out, const Output& message) {
  Object object(out, "output");
  object.number("end", message.end);
  object.text("data", message.data);
}

void encode(std::string& out, const Accepted& message) {
  Object(out, "accepted").number("seq", message.seq);
}

void encode(std::string& out, const Exited& message) {
  Object object(out, "exited");
  if (message.signal.empty()) {
    object.number("status", message.status);
  } else {
    object.text("signal", message.signal);
  }
}

void encode(std::string& out, const base::Failure& message) {
  Object object(out, "error");
  object.text("code", message.code);
  object.text("stage", base::name(message.stage));
  object.text("message", message.message);
  if (!message.hint.empty()) object.text("hint", message.hint);
  if (message.params.empty()) return;
  object.key("params");
  Object params(out);
  for (const auto& [name, value] : message.params) params.text(name, value);
}

}  // namespace sallyport::protocol
