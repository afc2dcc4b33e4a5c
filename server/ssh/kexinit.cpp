#include "ssh/kexinit.h"

#include <algorithm>
#include <cstdint>

#include "ssh/wire.h"

namespace sallyport::ssh {
namespace {

constexpr std::size_t kMaxBefore =
    64 * 1024;  // bytes of greeting and first packets; OpenSSH's KEXINIT has 1.5 KiB
constexpr std::size_t kMaxPacket = 35'000;  // RFC 4253, section 6.1
constexpr std::size_t kCookie = 16;
constexpr char kMsgKexinit = 20;

std::optional<NameList> take_names(std::string_view& rest) {
  auto names = take_string(rest);
  if (!names) return std::nullopt;
  NameList list;
  while (!names->empty()) {
    const std::size_t comma = std::min(names->find(','), names->size());
    if (comma > 0) list.emplace_back(names->substr(0, comma));
    names->remove_prefix(std::min(comma + 1, names->size()));
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
  std::string_view front = pending_;
  const std::uint32_t length = take_u32(front).value_or(0);
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
