#include "app/setting_groups.h"
#include "app/setting_kinds.h"
#include "app/setting_values.h"
#include "base/failure.h"

namespace sallyport::app::groups {
namespace {

using kinds::Outcome;
using kinds::Words;

Setting metrics_listen() {
  return {
      .key = "metrics.listen",
      .kind = Kind::kText,
      .takes = "ADDRESS:PORT",
      .example = "127.0.0.1:9122",
      .sentence =
          "Where Prometheus reads /metrics (docs/metrics.md). A listener of its own, because it "
          "tells which hosts are used and how much, which whoever opens the page is not to read; "
          "it answers anybody who reaches it, so keep it on loopback or an internal network.",
      .default_words = "empty (nowhere)",
      .set = [](Settings& settings, const Words& words) -> Outcome {
        ListenAddress listen;
        if (!words.front().empty()) {
          auto parsed = parse_listen(words.front());
          if (!parsed) return std::unexpected(parsed.error());
          listen = std::move(*parsed);
        }
        settings.metrics_address = std::move(listen.address);
        settings.metrics_port = listen.port;
        return {};
      },
      .get = [](const Settings& settings) -> Words {
        if (settings.metrics_address.empty()) return {""};
        return {base::host_port(settings.metrics_address, settings.metrics_port)};
      }};
}

}  // namespace

std::vector<Setting> metrics() {
  using namespace kinds;
  return {
      metrics_listen(),
  };
}

}  // namespace sallyport::app::groups
