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

using Names = std::vector<std::string_view>;

struct Accepted {
  Names kex, hostkey, cipher, mac, signature;
};

Accepted accepted(Posture posture) {
  const auto both = [posture](std::span<const std::string_view> modern,
                              std::span<const std::string_view> legacy) {
    Names names(modern.begin(), modern.end());
    if (posture == Posture::kLegacy) names.insert(names.end(), legacy.begin(), legacy.end());
    return names;
  };
  return {both(kKex, kLegacyKex), both(kHostKey, kLegacyHostKey), both(kCipher, kLegacyCipher),
          both(kMac, kLegacyMac), both(kSignature, kLegacySignature)};
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

Offer offer(Posture posture, std::span<const std::string> known_types) {
  const Accepted ours = accepted(posture);
  const auto is_known = [&](std::string_view algorithm) {
    return std::ranges::any_of(known_types,
                               [&](const std::string& type) { return signs_for(algorithm, type); });
  };
  Names hostkey = ours.hostkey;
  std::ranges::stable_partition(hostkey, is_known);
  return {joined(ours.kex, ","), joined(hostkey, ","), joined(ours.cipher, ","),
          joined(ours.mac, ","), joined(ours.signature, ",")};
}

bool is_legacy(std::string_view name) {
  const auto has = [name](std::span<const std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
  };
  return has(kLegacyKex) || has(kLegacyHostKey) || has(kLegacyCipher) || has(kLegacyMac);
}

std::optional<Mismatch> mismatch(const Kexinit& host, Posture posture) {
  const Accepted ours = accepted(posture);
  const auto none = [](std::string_view kind, const NameList& offered, const Names& wanted) {
    return Mismatch{std::string(kind), joined_offer(offered), joined(wanted, ", ")};
  };
  if (first_common(ours.kex, host.kex).empty()) return none("key exchange", host.kex, ours.kex);
  if (first_common(ours.hostkey, host.hostkey).empty())
    return none("host key", host.hostkey, ours.hostkey);
  const struct {
    const NameList &cipher, &mac;
  } directions[] = {{host.cipher_in, host.mac_in}, {host.cipher_out, host.mac_out}};
  for (const auto& [cipher, mac] : directions) {
    const std::string_view chosen = first_common(ours.cipher, cipher);
    if (chosen.empty()) return none("cipher", cipher, ours.cipher);
    if (!brings_its_own_mac(chosen) && first_common(ours.mac, mac).empty())
      return none("MAC", mac, ours.mac);
  }
  return std::nullopt;
}

}  // namespace sallyport::ssh::algorithms
