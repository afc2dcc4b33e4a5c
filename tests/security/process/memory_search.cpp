#include "security/process/memory_search.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace sallyport::support {
namespace {

constexpr std::size_t kPiece = 16;             // bytes of a spelling of a word
constexpr std::size_t kChunk = 1024 * 1024;    // bytes read at once
constexpr std::size_t kLongestSpelling = 512;  // bytes; a chunk begins this much before its end
constexpr std::size_t kMostReported = 12;

std::string lines_of_body(const std::string& pem, std::vector<std::string>& spellings) {
  std::istringstream lines(pem);
  std::string body;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('-') || line.contains(':')) continue;
    body += line;
    if (line.size() >= 40) spellings.push_back(line);
  }
  return body;
}

std::string decoded(const std::string& body) {
  std::string bytes(body.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(body.data()),
                                   static_cast<int>(body.size()));
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

void add_number(std::vector<std::string>& spellings, const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return;
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_clear_free(number);
  spellings.push_back(bytes.substr(0, kLongestSpelling));
  std::ranges::reverse(bytes);  // OpenSSL's own words, on the processors there are
  spellings.push_back(bytes.substr(0, kLongestSpelling));
}

std::string shown(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += c >= ' ' && c <= '~' ? c : '.';
  return text;
}

struct Mapping {
  std::uint64_t begin = 0, end = 0;
  std::string line;
};

std::vector<Mapping> readable_mappings(pid_t pid) {
  std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
  std::vector<Mapping> all;
  for (std::string line; std::getline(maps, line);) {
    Mapping mapping;
    char dash = 0;
    std::string rights;
    std::istringstream(line) >> std::hex >> mapping.begin >> dash >> mapping.end >> rights;
    mapping.line = line;
    // The kernel's own pages are the same in every process, and not all of them can be read.
    if (rights.starts_with('r') && !line.contains("[v")) all.push_back(mapping);
  }
  return all;
}

}  // namespace

Marker marker_word(const std::string& name, std::string& word) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::random_device random;
  word.clear();
  while (word.size() < 3 * kPiece) word += kLetters[random() % kLetters.size()];
  Marker marker{name, {}};
  for (std::size_t at = 0; at < word.size(); at += kPiece) {
    marker.spellings.push_back(word.substr(at, kPiece));
  }
  return marker;
}

Marker marker_key(const std::string& name, const std::string& private_key) {
  Marker marker{name, {}};
  const auto bytes = decoded(lines_of_body(private_key, marker.spellings));
  if (private_key.contains("OPENSSH")) {
    // The first lines say how it is made, and its public half, which are no secrets.
    if (marker.spellings.size() > 2) {
      marker.spellings.erase(marker.spellings.begin(), marker.spellings.begin() + 2);
    }
    // OpenSSH's PROTOCOL.key: an ed25519 key is written as 64 bytes, its seed first.
    const std::string_view length("\0\0\0\x40", 4);
    const auto seed = bytes.rfind(length);
    if (bytes.contains("none") && seed != bytes.npos) {
      marker.spellings.push_back(bytes.substr(seed + length.size(), 32));
    }
    return marker;
  }
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(
      BIO_new_mem_buf(private_key.data(), static_cast<int>(private_key.size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key) return marker;
  for (const char* number : {OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
                             OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_PRIV_KEY}) {
    add_number(marker.spellings, key.get(), number);
  }
  return marker;
}

std::string found_in(const std::string& text, const std::vector<Marker>& markers) {
  std::string found;
  for (const auto& marker : markers) {
    for (const auto& spelling : marker.spellings) {
      if (text.contains(spelling)) found += marker.name + ": " + shown(spelling) + "\n";
    }
  }
  return found;
}

std::string found_in_memory(pid_t pid, const std::vector<Marker>& markers) {
  const std::string place = "/proc/" + std::to_string(pid) + "/mem";
  const int memory = ::open(place.c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) {
    throw std::runtime_error(place + ": " + std::generic_category().message(errno));
  }
  std::string found;
  std::size_t reported = 0;
  std::string chunk(kChunk, '\0');
  for (const auto& mapping : readable_mappings(pid)) {
    for (auto at = mapping.begin; at < mapping.end;) {
      const auto wanted = std::min<std::uint64_t>(kChunk, mapping.end - at);
      const ssize_t got = ::pread(memory, chunk.data(), wanted, static_cast<off_t>(at));
      if (got <= 0) break;  // a guard page, or one that went meanwhile
      const auto size = static_cast<std::size_t>(got);
      for (const auto& marker : markers) {
        for (const auto& spelling : marker.spellings) {
          const void* hit = ::memmem(chunk.data(), size, spelling.data(), spelling.size());
          if (!hit || reported++ >= kMostReported) continue;
          const auto offset =
              static_cast<std::size_t>(static_cast<const char*>(hit) - chunk.data());
          const auto before = std::min<std::size_t>(offset, 64);
          std::ostringstream line;
          line << marker.name << " at " << std::hex << at + offset << " in " << mapping.line
               << "\n    " << shown(std::string_view(chunk).substr(offset - before, before + 128))
               << "\n";
          found += line.str();
        }
      }
      at += at + size >= mapping.end || size <= kLongestSpelling ? size : size - kLongestSpelling;
    }
  }
  ::close(memory);
  return found;
}

}  // namespace sallyport::support
