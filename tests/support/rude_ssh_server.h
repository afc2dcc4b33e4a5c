#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::support {

// The server's half of SSH without manners: a whole one (curve25519-sha256, ssh-ed25519,
// aes256-ctr, hmac-sha2-256; RFC 4253, RFC 8731) that lets any user in and echoes, until the moment
// where an act of its own begins. It knows no socket: bytes in, bytes out.
class RudeSshServer {
 public:
  // What it would do next of its own accord.
  enum class Moment {
    kIdentification,
    kKexinit,
    kKexReply,
    kNewKeys,
    kServiceAccept,
    kAuthReply,
    kChannelOpen,
    kPty,
    kShell,
    kEcho,
    kNever
  };
  // What it does instead. True: and then what it would have done.
  using Act = std::function<bool(RudeSshServer&)>;

  explicit RudeSshServer(Moment moment = Moment::kNever, Act act = {});

  void start();
  void feed(std::string_view from_client);
  std::string take_output();
  bool hung_up() const { return hung_up_; }

  // ---- for acts
  // How a packet (RFC 4253, section 6) is spoilt.
  struct Shape {
    std::optional<std::uint32_t> length = {};  // in place of packet_length
    std::optional<std::uint8_t> padding = {};  // in place of padding_length
    bool wrong_mac = false;
    bool cut = false;  // only its first half
  };
  void send(std::string_view payload) { send(payload, Shape()); }
  void send(std::string_view payload, const Shape& shape);
  void send_raw(std::string_view bytes) { output_ += bytes; }
  void hang_up() { hung_up_ = true; }
  // Called for more whenever all was taken; nothing: no more.
  void flood(std::function<void(RudeSshServer&)> more) { flood_ = std::move(more); }
  bool flood_on();
  void send_kexinit();  // also in the middle: keys are exchanged again
  std::string kexinit_payload() const;
  // For the KEXDH_REPLY; public so that an act can send it spoilt.
  std::string host_key_blob() const;
  std::string kex_reply(std::string_view host_key, bool right_signature);
  std::uint32_t client_channel() const { return channel_; }
  unsigned kexes() const { return kexes_; }

  // Each payload it would send goes through this first; a fuzzer changes it.
  std::function<std::string(std::string)> spoil = {};

 private:
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
  // One direction's keys; none before the first exchange.
  struct Keys {
    std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> cipher;
    std::string mac;
    std::uint32_t sequence = 0;
  };

  bool is_polite(Moment moment);
  bool take_packet();
  void on_packet(std::string_view payload);
  void on_channel_request(std::string_view rest);
  void reply(std::string_view payload);
  std::string derive(char letter, std::size_t size) const;
  void take_keys(Keys& keys, char iv, char key, char mac) const;

  Moment moment_;
  Act act_;
  std::string input_, output_;
  bool hung_up_ = false;
  bool identified_ = false;
  std::function<void(RudeSshServer&)> flood_;
  std::string client_id_, client_kexinit_, server_kexinit_, client_public_;
  std::string shared_, hash_, session_id_;
  unsigned kexes_ = 0;
  std::uint32_t channel_ = 0;
  Key host_key_, ephemeral_;
  Keys in_, out_;
  std::string opened_;  // the packet under way, decrypted so far
  bool kexinit_sent_ = false;
};

// How SSH writes (RFC 4251, section 5).
std::string ssh_u32(std::uint32_t value);
std::string ssh_string(std::string_view bytes);

}  // namespace sallyport::support
