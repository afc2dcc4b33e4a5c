#include "ssh/algorithms.h"

#include <algorithm>
#include <vector>

namespace sallyport::ssh::algorithms {
namespace {

bool is_marker(std::string_view name) {  // announced among the key exchanges, but none
  return name.starts_with("ext-info-") || name.starts_with("kex-strict-");
}

std::string joined_offer(const NameList& offered) {
  std::vector<std::string_view> names;
  for (const std::string& name : offered) {
    if (!is_marker(name)) names.push_back(name);
  }
  return joined(names, ", ");
}

std::string_view first_common(std::span<const std::string_view> ours, const NameList& theirs) {
  for (std::string_view name : ours) {
    if (std::ranges::find(theirs, name) != theirs.end()) return name;
  }
  return {};
}

bool brings_its_own_mac(std::string_view cipher) {
  return cipher.starts_with("chacha20-") || cipher.find("-gcm") != std::string_view::npos;
}

bool signs_for(std::string_view algorithm, std::string_view key_type) {
  return algorithm == key_type || (key_type == "ssh-rsa" && algorithm.starts_with("rsa-sha2-"));
}

}  // namespace

std::string joined(std::span<const std::string_view> names, std::string_view separator) {
  std::string out;
  for (std::string_view name : names) {
    if (!out.empty()) out += separator;
    out += name;
  }
  return out;
}

std::string host_key_preference(std::span<const std::string> known_types) {
  const auto is_known = [&](std::string_view algorithm) {
    return std::ranges::any_of(known_types,
                               [&](const std::string& type) { return signs_for(algorithm, type); });
  };
  std::vector<std::string_view> order;
  for (const bool known : {true, false}) {
    for (std::string_view algorithm : kHostKey) {
      if (is_known(algorithm) == known) order.push_back(algorithm);
    }
  }
  return joined(order, ",");
}

std::optional<Mismatch> mismatch(const Kexinit& host) {
  const auto none = [](std::string_view kind, const NameList& offered,
                       std::span<const std::string_view> ours) {
    return Mismatch{std::string(kind), joined_offer(offered), joined(ours, ", ")};
  };
  if (first_common(kKex, host.kex).empty()) return none("key exchange", host.kex, kKex);
  if (first_common(kHostKey, host.hostkey).empty()) return none("host key", host.hostkey, kHostKey);
  const struct {
    const NameList &cipher, &mac;
  } directions[] = {{host.cipher_in, host.mac_in}, {host.cipher_out, host.mac_out}};
  for (const auto& [cipher, mac] : directions) {
    const std::string_view chosen = first_common(kCipher, cipher);
    if (chosen.empty()) return none("cipher", cipher, kCipher);
    if (!brings_its_own_mac(chosen) && first_common(kMac, mac).empty())
      return none("MAC", mac, kMac);
  }
  return std::nullopt;
}

}  // namespace sallyport::ssh::algorithms
