#include "ssh/kexinit.h"

#include <cstdint>

namespace sallyport::ssh {
namespace {

constexpr std::size_t kMaxBefore =
    64 * 1024;  // bytes of greeting and first packets; OpenSSH's KEXINIT has 1.5 KiB
constexpr std::size_t kMaxPacket = 35'000;  // RFC 4253, section 6.1
constexpr std::size_t kCookie = 16;
constexpr char kMsgKexinit = 20;

std::uint32_t u32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  return value;
}

std::optional<NameList> take_names(std::string_view& rest) {
  if (rest.size() < 4) return std::nullopt;
  const std::uint32_t length = u32(rest);
  rest.remove_prefix(4);
  if (length > rest.size()) return std::nullopt;
  std::string_view names = rest.substr(0, length);
  rest.remove_prefix(length);
  NameList list;
  while (!names.empty()) {
    const std::size_t comma = names.find(',');
    const std::string_view name = names.substr(0, comma);
    if (!name.empty()) list.emplace_back(name);
    names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
  }
  return list;
}

}  // namespace

std::optional<Kexinit> parse_kexinit(std::string_view payload) {
  if (payload.size() < 1 + kCookie || payload[0] != kMsgKexinit) return std::nullopt;
  payload.remove_prefix(1 + kCookie);
  Kexinit k;
  for (NameList* list : {&k.kex, &k.hostkey, &k.cipher_out, &k.cipher_in, &k.mac_out, &k.mac_in}) {
    std::optional<NameList> names = take_names(payload);
    if (!names) return std::nullopt;
    *list = std::move(*names);
  }
  return k;
}

void KexinitReader::finish() {
  finished_ = true;
  std::string().swap(pending_);
}

void KexinitReader::feed(std::string_view bytes) {
  if (finished_) return;
  pending_ += bytes;
  while (!finished_ && (identified() ? next_packet() : next_line())) {
  }
}

// True: something was consumed, go on.
bool KexinitReader::next_line() {
  const std::size_t end = pending_.find('\n');
  if (end == std::string::npos) {
    if (read_ + pending_.size() > kMaxBefore) finish();
    return false;
  }
  std::string line = pending_.substr(0, end);
  pending_.erase(0, end + 1);
  read_ += end + 1;
  if (line.ends_with('\r')) line.pop_back();
  // A host may say other things first.
  if (line.starts_with("SSH-")) {
    identification_ = std::move(line);
  } else if (read_ > kMaxBefore) {
    finish();
  }
  return true;
}

bool KexinitReader::next_packet() {
  if (pending_.size() < 6) return false;
  const std::uint32_t length = u32(pending_);
  const auto padding = static_cast<unsigned char>(pending_[4]);
  if (length > kMaxPacket || length < 2U + padding) {
    finish();
    return false;
  }
  if (pending_.size() < 4 + length) return false;
  const std::string payload = pending_.substr(5, length - 1 - padding);
  pending_.erase(0, 4 + length);
  // SSH_MSG_IGNORE, UNIMPLEMENTED and DEBUG may come first where strict key exchange is not spoken.
  const char type = payload[0];
  if (type >= 2 && type <= 4) return true;
  kexinit_ = parse_kexinit(payload);
  finish();
  return false;
}

}  // namespace sallyport::ssh
