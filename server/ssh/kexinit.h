#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::ssh {

using NameList = std::vector<std::string>;  // RFC 4251, section 5

// What a host offers before encryption begins (RFC 4253, section 7.1).
struct Kexinit {
  NameList kex, hostkey, cipher_in, cipher_out, mac_in,
      mac_out;  // "in" is what comes to us: server to client
};

// The payload of an SSH_MSG_KEXINIT (its first byte is 20), or nothing when it is not one.
std::optional<Kexinit> parse_kexinit(std::string_view payload);

// Reads along while the first bytes of a host arrive, so that a failed negotiation can be told in
// words: the identification line (RFC 4253, section 4.2) and the host's KEXINIT. Bounded; never
// asks for bytes, never fails.
class KexinitReader {
 public:
  void feed(std::string_view bytes);
  bool finished() const { return finished_; }

  bool identified() const { return !identification_.empty(); }
  const std::string& identification() const { return identification_; }  // "SSH-2.0-OpenSSH_9.2"
  const std::optional<Kexinit>& kexinit() const { return kexinit_; }

 private:
  bool next_line();
  bool next_packet();
  void finish();

  std::string pending_;
  std::size_t read_ = 0;  // bytes before the identification
  std::string identification_;
  std::optional<Kexinit> kexinit_;
  bool finished_ = false;
};

}  // namespace sallyport::ssh
