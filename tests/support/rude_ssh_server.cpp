#include "rude_ssh_server.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <stdexcept>
#include <utility>

// libssh2 1.11.1 frees the host's public key with a session only when the first key exchange came
// to its end: a wrong signature costs some 400 bytes, each time, and nothing of ours can reach
// them. The leak is known by libssh2's functions, which OpenSSL's own hide from the fast unwinder.
extern "C" const char* known_leaks() __asm__("__lsan_default_suppressions");
extern "C" const char* known_leaks() { return "leak:hostkey_method_ssh_\n"; }
extern "C" const char* whole_stacks() __asm__("__asan_default_options");
extern "C" const char* whole_stacks() { return "fast_unwind_on_malloc=0"; }

namespace sallyport::support {
namespace {

constexpr const char* kIdentification = "SSH-2.0-rude";
constexpr std::size_t kMac = 32, kBlock = 16, kPublic = 32;
constexpr std::size_t kMostInput = 1 << 20;  // bytes of a packet of the client's

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
std::string text_of(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}
std::string sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> out{};
  SHA256(bytes_of(text), text.size(), out.data());
  return text_of(out.data(), out.size());
}
std::uint32_t u32_of(std::string_view text, std::size_t at = 0) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | (at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U);
  return value;
}
// The string at `at`, which moves behind it; empty where there is none.
std::string_view string_at(std::string_view text, std::size_t& at) {
  const std::uint32_t size = u32_of(text, at);
  if (at + 4 > text.size() || size > text.size() - at - 4) {
    at = text.size();
    return {};
  }
  const std::string_view value = text.substr(at + 4, size);
  at += 4 + size;
  return value;
}
std::string mpint(std::string_view bytes) {
  while (!bytes.empty() && bytes.front() == 0) bytes.remove_prefix(1);
  std::string out(bytes);
  if (!out.empty() && (static_cast<unsigned char>(out[0]) & 0x80U) != 0) out.insert(0, 1, '\0');
  return ssh_string(out);
}
std::string public_half(EVP_PKEY* key) {
  std::array<unsigned char, kPublic> out{};
  std::size_t size = out.size();
  EVP_PKEY_get_raw_public_key(key, out.data(), &size);
  return text_of(out.data(), size);
}

}  // namespace

std::string ssh_u32(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xffU);
  return out;
}
std::string ssh_string(std::string_view bytes) {
  return ssh_u32(static_cast<std::uint32_t>(bytes.size())) + std::string(bytes);
}

// The same keys each time: a fuzzer's findings must come again.
RudeSshServer::RudeSshServer(Moment moment, Act act) : moment_(moment), act_(std::move(act)) {
  const std::string seed(32, '\x42'), other(32, '\x24');
  host_key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), 32));
  ephemeral_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, bytes_of(other), 32));
  if (!host_key_ || !ephemeral_) throw std::runtime_error("no keys for the rude server");
}

bool RudeSshServer::is_polite(Moment moment) { return moment != moment_ || act_(*this); }

std::string RudeSshServer::take_output() { return std::exchange(output_, {}); }

bool RudeSshServer::flood_on() {
  if (!flood_ || hung_up_) return false;
  flood_(*this);
  return !output_.empty();
}

void RudeSshServer::start() {
  if (is_polite(Moment::kIdentification)) send_raw(std::string(kIdentification) + "\r\n");
  if (is_polite(Moment::kKexinit)) send_kexinit();
}

std::string RudeSshServer::kexinit_payload() const {
  std::string payload = "\x14" + std::string(16, 'c');
  for (const char* names : {"curve25519-sha256", "ssh-ed25519", "aes256-ctr", "aes256-ctr",
                            "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""}) {
    payload += ssh_string(names);
  }
  return payload + std::string(5, '\0');
}

void RudeSshServer::send_kexinit() {
  server_kexinit_ = kexinit_payload();
  kexinit_sent_ = true;
  reply(server_kexinit_);
}

void RudeSshServer::reply(std::string_view payload) {
  send(spoil ? spoil(std::string(payload)) : std::string(payload));
}

void RudeSshServer::send(std::string_view payload, const Shape& shape) {
  const std::size_t block = out_.cipher ? kBlock : 8;
  std::size_t padding = block - (payload.size() + 5) % block;
  if (padding < 4) padding += block;
  std::string packet =
      ssh_u32(shape.length.value_or(static_cast<std::uint32_t>(payload.size() + padding + 1)));
  packet += static_cast<char>(shape.padding.value_or(static_cast<std::uint8_t>(padding)));
  packet += payload;
  packet += std::string(padding, '\0');
  std::string tag;
  if (out_.cipher) {
    std::array<unsigned char, kMac> mac{};
    unsigned size = kMac;
    const std::string signed_part = ssh_u32(out_.sequence) + packet;
    HMAC(EVP_sha256(), out_.mac.data(), static_cast<int>(out_.mac.size()), bytes_of(signed_part),
         signed_part.size(), mac.data(), &size);
    if (shape.wrong_mac) mac[0] ^= 1U;
    tag = text_of(mac.data(), mac.size());
    int done = 0;
    EVP_EncryptUpdate(out_.cipher.get(), reinterpret_cast<unsigned char*>(packet.data()), &done,
                      bytes_of(packet), static_cast<int>(packet.size()));
  }
  ++out_.sequence;
  packet += tag;
  if (shape.cut) packet.resize(packet.size() / 2);
  output_ += packet;
}

void RudeSshServer::feed(std::string_view from_client) {
  input_ += from_client;
  while (!hung_up_ && take_packet()) {
  }
}

bool RudeSshServer::take_packet() {
  if (!identified_) {
    const std::size_t end = input_.find("\r\n");
    if (end == std::string::npos) return false;
    client_id_ = input_.substr(0, end);
    input_.erase(0, end + 2);
    identified_ = true;
    return true;
  }
  const auto open = [this](std::size_t size) {  // decrypts up to `size` bytes of the packet
    if (opened_.size() >= size || input_.size() < size - opened_.size()) return;
    std::string part = input_.substr(0, size - opened_.size());
    input_.erase(0, part.size());
    int done = 0;
    if (in_.cipher) {
      EVP_EncryptUpdate(in_.cipher.get(), reinterpret_cast<unsigned char*>(part.data()), &done,
                        bytes_of(part), static_cast<int>(part.size()));
    }
    opened_ += part;
  };
  open(kBlock);
  if (opened_.size() < kBlock) return false;
  const std::size_t size = std::size_t{4} + u32_of(opened_);
  const std::size_t tag = in_.cipher ? kMac : 0;
  if (size > kMostInput || size < kBlock) {
    hang_up();
    return false;
  }
  if (input_.size() < size - opened_.size() + tag) return false;
  open(size);
  input_.erase(0, tag);
  const std::size_t padding = static_cast<unsigned char>(opened_[4]);
  const std::string packet = std::exchange(opened_, {});
  ++in_.sequence;
  if (packet.size() < 6 + padding) return true;
  on_packet(std::string_view(packet).substr(5, packet.size() - 5 - padding));
  return true;
}

std::string RudeSshServer::host_key_blob() const {
  return ssh_string("ssh-ed25519") + ssh_string(public_half(host_key_.get()));
}

std::string RudeSshServer::kex_reply(std::string_view host_key, bool right_signature) {
  const Key theirs(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, bytes_of(client_public_),
                                               client_public_.size()));
  std::array<unsigned char, kPublic> secret{};
  std::size_t size = secret.size();
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(ephemeral_.get(), nullptr);
  if (theirs && EVP_PKEY_derive_init(context) == 1 &&
      EVP_PKEY_derive_set_peer(context, theirs.get()) == 1) {
    EVP_PKEY_derive(context, secret.data(), &size);
  }
  EVP_PKEY_CTX_free(context);
  shared_ = mpint(text_of(secret.data(), size));
  const std::string ours = public_half(ephemeral_.get());
  hash_ = sha256(ssh_string(client_id_) + ssh_string(kIdentification) +
                 ssh_string(client_kexinit_) + ssh_string(server_kexinit_) + ssh_string(host_key) +
                 ssh_string(client_public_) + ssh_string(ours) + shared_);
  if (session_id_.empty()) session_id_ = hash_;
  std::array<unsigned char, 64> signature{};
  size = signature.size();
  EVP_MD_CTX* signer = EVP_MD_CTX_new();
  EVP_DigestSignInit(signer, nullptr, nullptr, nullptr, host_key_.get());
  EVP_DigestSign(signer, signature.data(), &size, bytes_of(hash_), hash_.size());
  EVP_MD_CTX_free(signer);
  if (!right_signature) signature[7] ^= 1U;
  return "\x1f" + ssh_string(host_key) + ssh_string(ours) +
         ssh_string(ssh_string("ssh-ed25519") + ssh_string(text_of(signature.data(), size)));
}

// RFC 4253, section 7.2.
std::string RudeSshServer::derive(char letter, std::size_t size) const {
  return sha256(shared_ + hash_ + letter + session_id_).substr(0, size);
}

void RudeSshServer::take_keys(Keys& keys, char iv, char key, char mac) const {
  keys.cipher.reset(EVP_CIPHER_CTX_new());
  // In counter mode both directions encrypt.
  EVP_EncryptInit_ex(keys.cipher.get(), EVP_aes_256_ctr(), nullptr, bytes_of(derive(key, 32)),
                     bytes_of(derive(iv, kBlock)));
  keys.mac = derive(mac, kMac);
}

void RudeSshServer::on_packet(std::string_view payload) {
  std::size_t at = 1;
  switch (static_cast<unsigned char>(payload[0])) {
    case 20:  // KEXINIT
      client_kexinit_ = payload;
      if (!kexinit_sent_) send_kexinit();
      return;
    case 30: {  // KEX_ECDH_INIT
      client_public_ = string_at(payload, at);
      const std::string answer = kex_reply(host_key_blob(), true);
      if (is_polite(Moment::kKexReply)) reply(answer);
      if (is_polite(Moment::kNewKeys)) reply("\x15");
      take_keys(out_, 'B', 'D', 'F');
      return;
    }
    case 21:  // NEWKEYS
      take_keys(in_, 'A', 'C', 'E');
      kexinit_sent_ = false;
      ++kexes_;
      return;
    case 5:  // SERVICE_REQUEST
      if (is_polite(Moment::kServiceAccept)) reply("\x06" + ssh_string(string_at(payload, at)));
      return;
    case 50: {  // USERAUTH_REQUEST
      for (int skipped = 0; skipped < 2; ++skipped) string_at(payload, at);
      const std::string_view method = string_at(payload, at);
      const bool is_none = method == "none";
      if (method == "publickey" && at < payload.size() && payload[at] == 0) {  // is it one of mine?
        const std::string algorithm(string_at(payload, ++at));
        return reply("\x3c" + ssh_string(algorithm) + ssh_string(string_at(payload, at)));
      }
      const std::string methods = "password,publickey,keyboard-interactive";
      if (is_none) return reply("\x33" + ssh_string(methods) + std::string(1, '\0'));
      if (is_polite(Moment::kAuthReply)) reply("\x34");
      return;
    }
    case 61:  // USERAUTH_INFO_RESPONSE
      if (is_polite(Moment::kAuthReply)) reply("\x34");
      return;
    case 90:  // CHANNEL_OPEN
      string_at(payload, at);
      channel_ = u32_of(payload, at);
      if (is_polite(Moment::kChannelOpen)) {
        reply("\x5b" + ssh_u32(channel_) + ssh_u32(7) + ssh_u32(1 << 20) + ssh_u32(32768));
      }
      return;
    case 94:  // CHANNEL_DATA
      at += 4;
      if (is_polite(Moment::kEcho)) {
        reply("\x5e" + ssh_u32(channel_) + ssh_string(string_at(payload, at)));
      }
      return;
    case 98:  // CHANNEL_REQUEST
      return on_channel_request(payload.substr(5));
    case 97:  // CHANNEL_CLOSE
      reply("\x61" + ssh_u32(channel_));
      return;
    default:
      return;
  }
}

void RudeSshServer::on_channel_request(std::string_view rest) {
  std::size_t at = 0;
  const std::string kind(string_at(rest, at));
  const bool wants_reply = at < rest.size() && rest[at] != 0;
  const bool polite = kind == "pty-req" ? is_polite(Moment::kPty)
                      : kind == "shell" ? is_polite(Moment::kShell)
                                        : true;
  if (polite && wants_reply) reply("\x63" + ssh_u32(channel_));
}

}  // namespace sallyport::support
