#include "protocol/decode.h"

#include <algorithm>

#include "protocol/fields.h"

namespace sallyport::protocol {
namespace {

// Bytes. What is longer is a mistake or an attack; the frame's own limit is the caller's.
constexpr std::size_t kMaxHost = 255;  // RFC 1035, section 2.3.4
constexpr std::size_t kMaxUsername = 255;
constexpr std::size_t kMaxPreset = 255;
constexpr std::size_t kMaxTerm = 64;
constexpr std::size_t kMaxEncoding = 32;
constexpr std::size_t kMaxKey = 32 * 1024;  // an RSA key of 16384 bits is 13 KB of PEM
constexpr std::size_t kMaxCertificate = 16 * 1024;
constexpr std::size_t kMaxPhrase = 4 * 1024;  // a password, a passphrase or an answer
constexpr std::size_t kMaxAnswers = 64;
constexpr std::size_t kMaxEnv = 32;  // entries
constexpr std::size_t kMaxEnvName = 64;
constexpr std::size_t kMaxEnvValue = 4 * 1024;
constexpr std::size_t kMaxSession = 64;
constexpr std::size_t kMaxToken = 128;
constexpr std::size_t kMaxClient = 64;

using Kind = JsonValue::Kind;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_term(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '+' || c == '-';
  });
}

bool is_env_name(std::string_view text) {
  return !text.empty() && !is_digit(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_';
  });
}

bool read_size(Fields& fields, Size& size) {
  return fields.number(Field::kCols, 1U, kMaxCells, size.cols) &&
         fields.number(Field::kRows, 1U, kMaxCells, size.rows);
}

bool read_host(Fields& fields, Open& open) {
  if (!fields.text(Field::kHost, kMaxHost, open.host)) return false;
  if (open.host.empty()) return fields.fail(Field::kHost, "is empty");
  if (has_control(open.host) || open.host.find(' ') != std::string::npos) {
    return fields.fail(Field::kHost, "has a space or a control character");
  }
  return !fields.has(Field::kPort) || fields.number(Field::kPort, 1U, 65535U, open.port);
}

bool read_username(Fields& fields, Open& open) {
  if (!fields.text(Field::kUsername, kMaxUsername, open.username)) return false;
  if (open.username.empty()) return fields.fail(Field::kUsername, "is empty");
  if (has_control(open.username)) return fields.fail(Field::kUsername, "has a control character");
  return true;
}

bool read_auth(Fields& fields, Auth& auth) {
  if (fields.at(Field::kAuth).kind != Kind::kObject) {
    return fields.fail(Field::kAuth, fields.has(Field::kAuth) ? "must be an object" : "is missing");
  }
  Fields inner(fields.at(Field::kAuth), "open: auth");
  std::string method;
  if (inner.good() && inner.text(Field::kMethod, kMaxEncoding, method)) {
    if (method == "password") {
      PasswordAuth with;
      if (inner.secret(Field::kPassword, kMaxPhrase, with.password)) auth = std::move(with);
    } else if (method == "publickey") {
      PublicKeyAuth with;
      const bool good = inner.secret(Field::kKey, kMaxKey, with.key) &&
                        (!inner.has(Field::kPassphrase) ||
                         inner.secret(Field::kPassphrase, kMaxPhrase, with.passphrase)) &&
                        (!inner.has(Field::kCertificate) ||
                         inner.text(Field::kCertificate, kMaxCertificate, with.certificate));
      if (good && with.key.empty()) inner.fail(Field::kKey, "is empty");
      auth = std::move(with);
    } else if (method == "interactive") {
      auth = InteractiveAuth{};
    } else {
      inner.fail(Field::kMethod, "must be password, publickey or interactive");
    }
  }
  if (inner.good()) return true;
  fields.set_frame_type({});
  return fields.fail(inner.error());
}

bool read_env(Fields& fields, Open& open) {
  if (fields.at(Field::kEnv).kind != Kind::kObject) {
    return fields.fail(Field::kEnv, "must be an object");
  }
  JsonReader reader = JsonReader::inside(fields.at(Field::kEnv));
  std::string_view key;
  JsonValue value;
  while (reader.member(key, value)) {
    if (open.env.size() == kMaxEnv) return fields.fail(Field::kEnv, "has more than 32 entries");
    if (key.size() > kMaxEnvName || !is_env_name(key)) {
      return fields.fail(Field::kEnv, "has a name that is not [A-Za-z_][A-Za-z0-9_]*");
    }
    if (value.kind != Kind::kString)
      return fields.fail(Field::kEnv, "has a value that is no string");
    std::string text;
    if (value.text.size() <= kMaxEnvValue * 6) append_unescaped(text, value.text);
    if (value.text.size() > kMaxEnvValue * 6 || text.size() > kMaxEnvValue) {
      return fields.fail(Field::kEnv, "has a value of more than 4096 bytes");
    }
    if (text.find('\0') != std::string::npos) {
      return fields.fail(Field::kEnv, "has a value with U+0000 in it");
    }
    const bool twice = std::any_of(open.env.begin(), open.env.end(),
                                   [&](const auto& entry) { return entry.first == key; });
    if (twice) return fields.fail(Field::kEnv, "has a name twice");
    open.env.emplace_back(key, std::move(text));
  }
  return true;
}

bool read(Fields& fields, Open& open) {
  if (fields.has(Field::kPreset)) {
    if (!fields.text(Field::kPreset, kMaxPreset, open.preset)) return false;
    if (open.preset.empty()) return fields.fail(Field::kPreset, "is empty");
    if (fields.has(Field::kHost) || fields.has(Field::kPort)) {
      return fields.fail(Field::kPreset, "stands in place of host and port");
    }
    if (fields.has(Field::kUsername) && !read_username(fields, open)) return false;
    if (fields.has(Field::kAuth) && !read_auth(fields, open.auth)) return false;
  } else if (!read_host(fields, open) || !read_username(fields, open) ||
             !read_auth(fields, open.auth)) {
    return false;
  }
  if (!read_size(fields, open.size)) return false;
  if (fields.has(Field::kTerm)) {
    if (!fields.text(Field::kTerm, kMaxTerm, open.term)) return false;
    if (!is_term(open.term))
      return fields.fail(Field::kTerm, "must be of letters, digits and . _ + -");
  }
  if (fields.has(Field::kEncoding) && !fields.text(Field::kEncoding, kMaxEncoding, open.encoding)) {
    return false;
  }
  if (fields.has(Field::kClient) && !fields.text(Field::kClient, kMaxClient, open.client)) {
    return false;
  }
  return !fields.has(Field::kEnv) || read_env(fields, open);
}

bool read(Fields& fields, Attach& attach) {
  return fields.text(Field::kSession, kMaxSession, attach.session) &&
         fields.secret(Field::kToken, kMaxToken, attach.token) &&
         fields.number(Field::kReceived, 0, kLargestInteger, attach.received) &&
         read_size(fields, attach.size) &&
         (!fields.has(Field::kWatch) || fields.boolean(Field::kWatch, attach.watch)) &&
         (!fields.has(Field::kClient) || fields.text(Field::kClient, kMaxClient, attach.client)) &&
         (!fields.has(Field::kTake) || fields.boolean(Field::kTake, attach.take));
}

bool read(Fields& fields, List& list) {
  if (fields.at(Field::kSessions).kind != Kind::kArray) {
    return fields.fail(Field::kSessions,
                       fields.has(Field::kSessions) ? "must be an array" : "is missing");
  }
  JsonReader reader = JsonReader::inside(fields.at(Field::kSessions));
  JsonValue value;
  while (reader.element(value)) {
    if (list.sessions.size() == kMaxListed) {
      return fields.fail(Field::kSessions, "has more than 64 entries");
    }
    if (value.kind != Kind::kObject) return fields.fail(Field::kSessions, "must be of objects");
    Fields inner(value, "list: sessions");
    List::Entry& entry = list.sessions.emplace_back();
    if (!inner.good() || !inner.text(Field::kSession, kMaxSession, entry.session) ||
        !inner.secret(Field::kToken, kMaxToken, entry.token)) {
      fields.set_frame_type({});
      return fields.fail(inner.error());
    }
  }
  return true;
}

bool read(Fields& fields, Input& input) {
  return fields.number(Field::kSeq, 1, kLargestInteger, input.seq) &&
         fields.text(Field::kData, kFrameLimit, input.data);
}

bool read(Fields& fields, Resize& resize) { return read_size(fields, resize.size); }

bool read(Fields& fields, Ack& ack) {
  return fields.number(Field::kEnd, 0, kLargestInteger, ack.end);
}

bool read(Fields& fields, Answer& answer) {
  if (!fields.number(Field::kPrompt, 0, kLargestInteger, answer.prompt)) return false;
  if (fields.has(Field::kAccept) == fields.has(Field::kValues)) {
    return fields.fail("must have either accept or values");
  }
  if (fields.has(Field::kAccept)) {
    bool accept = false;
    if (!fields.boolean(Field::kAccept, accept)) return false;
    answer.accept = accept;
    return true;
  }
  if (fields.at(Field::kValues).kind != Kind::kArray) {
    return fields.fail(Field::kValues, "must be an array");
  }
  std::vector<base::Secret>& values = answer.values.emplace();
  JsonReader reader = JsonReader::inside(fields.at(Field::kValues));
  JsonValue value;
  while (reader.element(value)) {
    if (values.size() == kMaxAnswers)
      return fields.fail(Field::kValues, "has more than 64 entries");
    if (value.kind != Kind::kString) return fields.fail(Field::kValues, "must be of strings");
    if (value.text.size() > kMaxPhrase * 6) {
      return fields.fail(Field::kValues, "has an entry of more than 4096 bytes");
    }
    values.push_back(unescaped_secret(value.text));
    if (values.back().reveal().size() > kMaxPhrase) {
      return fields.fail(Field::kValues, "has an entry of more than 4096 bytes");
    }
  }
  return true;
}

bool read(Fields&, Close&) { return true; }

bool read(Fields& fields, Ping& ping) {
  return fields.number(Field::kId, 0, kLargestInteger, ping.id);
}

template <class Message>
std::expected<ClientFrame, std::string> decode_as(Fields& fields) {
  Message message;
  if (!read(fields, message)) return std::unexpected(fields.error());
  return ClientFrame(std::move(message));
}

using Decoder = std::expected<ClientFrame, std::string> (*)(Fields&);
struct KnownType {
  std::string_view name;
  Decoder decoder;
};
// The commonest first.
constexpr KnownType kTypes[] = {
    {"input", decode_as<Input>},   {"ack", decode_as<Ack>},       {"resize", decode_as<Resize>},
    {"answer", decode_as<Answer>}, {"attach", decode_as<Attach>}, {"open", decode_as<Open>},
    {"close", decode_as<Close>},   {"ping", decode_as<Ping>},     {"list", decode_as<List>},
};

}  // namespace

std::expected<ClientFrame, std::string> decode(std::string_view text) {
  const auto object = JsonReader::parse(text);
  if (!object) return std::unexpected("the frame is not valid JSON");
  if (object->kind != Kind::kObject) return std::unexpected("the frame is not an object");
  Fields fields(*object, {});
  std::string type;
  if (!fields.good() || !fields.text(Field::kType, kMaxEncoding, type)) {
    return std::unexpected(fields.error());
  }
  for (const KnownType& known : kTypes) {
    if (known.name != type) continue;
    fields.set_frame_type(known.name);
    return known.decoder(fields);
  }
  return std::unexpected("the type is not known");
}

}  // namespace sallyport::protocol
