#include "ssh/private_key.h"

#include <algorithm>
#include <optional>

#include "base/secret.h"
#include "ssh/pkcs8.h"
#include "ssh/wire.h"

namespace sallyport::ssh {
namespace {

using Text = PrivateKeyText;

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kMagic{"openssh-key-v1\0", 15};  // OpenSSH's PROTOCOL.key

// Base64 (RFC 4648, section 4) as far as it goes; white space is skipped.
std::string decode_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    std::uint32_t value;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0') + 52;
    } else if (c == '+') {
      value = 62;
    } else if (c == '/') {
      value = 63;
    } else if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
      continue;
    } else {
      break;
    }
    bits = bits << 6 | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xff);
    }
  }
  return out;
}

// Where a key begins: with a label on the same line, which is there after tidying, too.
std::size_t begin_of(std::string_view text) {
  std::size_t at = text.find(kBegin);
  while (at != text.npos) {
    const std::string_view label = text.substr(at + kBegin.size(), 1);
    if (label.find_first_not_of(" \t\r\n") != label.npos) break;
    at = text.find(kBegin, at + 1);
  }
  return at;
}

bool is_supported_type(std::string_view type) {
  return type == "ssh-ed25519" || type == "ssh-rsa" || type.starts_with("ecdsa-sha2-nistp");
}

Text broken(Text text) {
  text.problem = Text::Problem::kBroken;
  return text;
}

void limit_rounds(Text& text, std::uint64_t rounds, std::uint64_t most) {
  text.rounds = rounds;
  text.most_rounds = most;
  if (rounds > most) text.problem = Text::Problem::kTooManyRounds;
}

Text inspect_openssh(std::string_view body) {
  Text text;
  text.kind = Text::Kind::kOpenSsh;
  std::string bytes = decode_base64(body);
  const base::Secret holder = base::Secret::take(bytes);
  std::string_view rest = holder.reveal();
  if (!rest.starts_with(kMagic)) return broken(text);
  rest.remove_prefix(kMagic.size());
  const auto cipher = take_string(rest);
  const auto kdf = take_string(rest);
  auto options = take_string(rest);
  const auto keys = take_u32(rest);
  auto public_key = take_string(rest);
  const auto private_part = take_string(rest);
  if (!cipher || !kdf || !options || !keys || *keys != 1 || !public_key || !private_part)
    return broken(text);
  text.encrypted = *cipher != "none";
  if (text.encrypted) {
    if (*kdf != "bcrypt") {
      text.problem = Text::Problem::kUnsupported;
      return text;
    }
    const auto salt = take_string(*options);
    const auto rounds = take_u32(*options);
    if (!salt || !rounds || *rounds == 0) return broken(text);
    limit_rounds(text, *rounds, kMaxBcryptRounds);
    if (text.problem != Text::Problem::kNone) return text;
  }
  const auto type = take_string(*public_key);
  if (!type) return broken(text);
  if (!is_supported_type(*type)) text.problem = Text::Problem::kUnsupported;
  return text;
}

Text inspect_pem(std::string_view label, std::string_view body) {
  Text text;
  text.kind = label.find("RSA") != label.npos || label.find("EC ") != label.npos
                  ? Text::Kind::kPem
                  : Text::Kind::kPkcs8;
  text.encrypted =
      label == "ENCRYPTED PRIVATE KEY" || body.find("Proc-Type: 4,ENCRYPTED") != body.npos;
  if (label == "DSA PRIVATE KEY") text.problem = Text::Problem::kUnsupported;
  if (label != "ENCRYPTED PRIVATE KEY") return text;
  // Nothing stands behind the padding: another reader might take that for the key.
  const std::size_t padding = std::min(body.find('='), body.size());
  if (body.find_first_not_of("= \t\r\n", padding) != body.npos) return broken(text);
  const auto hashings = pkcs8_hashings(decode_base64(body));
  if (!hashings) return broken(text);
  limit_rounds(text, *hashings, kMaxPkcs8Hashings);
  return text;
}

}  // namespace

PrivateKeyText inspect_private_key(std::string_view key) {
  Text text;
  const auto problem = [&](Text::Problem what) {
    text.problem = what;
    return text;
  };
  if (key.find("PuTTY-User-Key-File-") != key.npos) return problem(Text::Problem::kPutty);
  const std::size_t begin = begin_of(key);
  if (begin == key.npos) {
    const bool is_public = key.find("ssh-") == 0 || key.find("ecdsa-") == 0;
    return problem(is_public ? Text::Problem::kPublicKey : Text::Problem::kNotAKey);
  }
  std::string_view rest = key.substr(begin + kBegin.size());
  const std::size_t label_end = rest.find(kDashes);
  if (label_end == rest.npos || rest.substr(0, label_end).find('\n') != rest.npos) {
    return problem(Text::Problem::kNotAKey);
  }
  const std::string_view label = rest.substr(0, label_end);
  rest.remove_prefix(label_end + kDashes.size());
  if (label.ends_with("PUBLIC KEY")) return problem(Text::Problem::kPublicKey);
  if (!label.ends_with("PRIVATE KEY")) return problem(Text::Problem::kNotAKey);
  const std::size_t end = rest.find("-----END ");
  if (end == rest.npos) return problem(Text::Problem::kBroken);
  const std::string_view body = rest.substr(0, end);
  // libssh2 looks for a line that begins an OpenSSH key, wherever it is: what it opens must be what
  // was looked at.
  if (body.find("-----BEGIN") != body.npos) return problem(Text::Problem::kBroken);
  return label == "OPENSSH PRIVATE KEY" ? inspect_openssh(body) : inspect_pem(label, body);
}

base::Secret tidy_private_key(std::string_view text) {
  const std::size_t begin = begin_of(text);
  const std::size_t end_line = begin == text.npos ? text.npos : text.find("-----END ", begin);
  if (end_line == text.npos) return base::Secret(std::string(text));
  const std::size_t end = text.find(kDashes, end_line + kDashes.size());
  std::string_view rest =
      text.substr(begin, end == text.npos ? text.npos : end + kDashes.size() - begin);
  std::string tidy;
  tidy.reserve(rest.size() + 1);  // it must not grow: a smaller copy would stay behind unwiped
  while (!rest.empty()) {
    const std::size_t line_end = rest.find('\n');
    std::string_view line = rest.substr(0, line_end);
    rest.remove_prefix(line_end == rest.npos ? rest.size() : line_end + 1);
    constexpr std::string_view kBlank = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    line = line.substr(0, line.find_last_not_of(kBlank) + 1);
    tidy += line;
    tidy += '\n';
  }
  return base::Secret::take(tidy);
}

std::string PrivateKeyText::reason() const {
  switch (problem) {
    case Problem::kNone:
      return "";
    case Problem::kNotAKey:
      return "it is not a private key";
    case Problem::kPublicKey:
      return "it is a public key; the private one is in the file without .pub";
    case Problem::kPutty:
      return "it is in PuTTY's format; export it as an OpenSSH key";
    case Problem::kUnsupported:
      return "its type is not supported; use ed25519, ECDSA or RSA";
    case Problem::kBroken:
      return "a part of it is missing";
    case Problem::kTooManyRounds:
      return "its passphrase is hashed " + std::to_string(rounds) + " times, more than " +
             std::to_string(most_rounds);
  }
  return "";
}

}  // namespace sallyport::ssh
