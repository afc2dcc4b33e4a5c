#include "app/setting_groups.h"
#include "app/setting_kinds.h"
#include "policy/rules.h"

namespace sallyport::app::groups {
namespace {

using kinds::Outcome;
using kinds::Words;

Setting trusted() {
  return {
      .key = "proxies.trusted",
      .kind = Kind::kList,
      .takes = "a list of networks",
      .example = "127.0.0.1,10.1.0.0/24",
      .sentence =
          "The reverse proxies in front, by the addresses they connect from: what they say of a "
          "browser counts (X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host), in the log, "
          "for limits and for origins. From everybody else it changes nothing. Whoever connects "
          "to a Unix socket is taken for one.",
      .default_words = {},
      .set = [](Settings& settings, const Words& words) -> Outcome {
        for (const std::string& word : words) {
          const auto network = policy::Network::parse(word);
          if (!network) return std::unexpected(network.error());
        }
        settings.trusted_proxies = words;
        return {};
      },
      .get = [](const Settings& settings) -> Words { return settings.trusted_proxies; }};
}

}  // namespace

std::vector<Setting> proxies() {
  return {
      trusted(),
      kinds::choice<bool>("proxies.protocol", &Settings::proxy_protocol,
                          {{"none", false}, {"proxy", true}}, "proxy",
                          "What a listed proxy begins a connection with: none, or proxy for "
                          "HAProxy's PROXY protocol "
                          "(version 1 or 2), which it must then always do."),
  };
}

}  // namespace sallyport::app::groups
