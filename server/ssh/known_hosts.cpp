#include "ssh/known_hosts.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "ssh/wire.h"

namespace sallyport::ssh {
namespace {

constexpr std::string_view kHashed = "|1|";  // HMAC-SHA1 of the name, keyed with a salt
constexpr std::size_t kMaxLine = 64 * 1024;

std::string_view next_word(std::string_view& rest) {
  const std::size_t begin = rest.find_first_not_of(" \t");
  if (begin == rest.npos) {
    rest = {};
    return {};
  }
  rest.remove_prefix(begin);
  const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// '*' and '?' as ssh_config(5) has them; linear in practice, quadratic at worst, never exponential.
bool matches_pattern(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0;
  std::size_t star = pattern.npos, star_n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_n = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || lower(pattern[p]) == name[n])) {
      ++p;
      ++n;
    } else if (star != pattern.npos) {
      p = star + 1;
      n = ++star_n;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_hash(std::string_view hashed, std::string_view name) {
  hashed.remove_prefix(kHashed.size());
  const std::size_t bar = hashed.find('|');
  if (bar == hashed.npos) return false;
  const auto salt = from_base64(hashed.substr(0, bar));
  const auto expected = from_base64(hashed.substr(bar + 1));
  if (!salt || !expected || salt->empty()) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (!HMAC(EVP_sha1(), salt->data(), static_cast<int>(salt->size()),
            reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data(),
            &length)) {
    return false;
  }
  return *expected == std::string_view(reinterpret_cast<const char*>(digest.data()), length);
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > kMaxLine) return std::nullopt;
  // OpenSSL forgives white space and stray padding; a key on file has neither.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '+' && c != '/') return std::nullopt;
  }
  std::string out(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

std::optional<KnownHost> parse_known_host(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.size() > kMaxLine) return std::nullopt;
  KnownHost host;
  std::string_view word = next_word(line);
  if (word.empty() || word.front() == '#') return std::nullopt;
  if (word.front() == '@') {
    if (word == "@revoked") {
      host.marker = KnownHost::Marker::kRevoked;
    } else if (word == "@cert-authority") {
      host.marker = KnownHost::Marker::kCertAuthority;
    } else {
      return std::nullopt;
    }
    word = next_word(line);
  }
  host.patterns = word;
  host.type = next_word(line);
  const auto blob = from_base64(next_word(line));
  if (host.patterns.empty() || host.type.empty() || !blob || key_type(*blob) != host.type)
    return std::nullopt;
  host.blob = *blob;
  return host;
}

std::string known_host_name(std::string_view host, unsigned port) {
  std::string name;
  for (const char c : host) name += lower(c);
  return port == 22 ? name : "[" + name + "]:" + std::to_string(port);
}

bool names_host(std::string_view patterns, std::string_view name) {
  if (patterns.starts_with(kHashed)) return matches_hash(patterns, name);
  bool named = false;
  while (!patterns.empty()) {
    const std::size_t comma = patterns.find(',');
    std::string_view pattern = patterns.substr(0, comma);
    patterns.remove_prefix(comma == patterns.npos ? patterns.size() : comma + 1);
    const bool negated = pattern.starts_with('!');
    if (negated) pattern.remove_prefix(1);
    if (pattern.empty() || !matches_pattern(pattern, name)) continue;
    if (negated) return false;
    named = true;
  }
  return named;
}

std::string known_host_line(std::string_view name, std::string_view type, std::string_view blob) {
  return std::string(name) + " " + std::string(type) + " " + to_base64(blob) + "\n";
}

}  // namespace sallyport::ssh
