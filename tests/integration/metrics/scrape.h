#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/gateway_fixture.h"
#include "support/http_client.h"

namespace sallyport::support {

// What one scrape said.
class Scrape {
 public:
  explicit Scrape(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  // The value of `sample` as the text names it, labels and all: `sallyport_sessions`,
  // `sallyport_echo_seconds_count{target="db-3:22"}`.
  std::optional<double> find(std::string_view sample) const;
  // The same of a target; 0 when nothing was counted yet.
  double of(std::string_view name, const std::string& target) const;

 private:
  std::string text_;
};

// A gateway that tells the monitoring on a free port of the loopback, and whose sessions end with
// their sockets.
class MetricsTest : public GatewayTest {
 protected:
  MetricsTest();
  web::Response ask(std::string_view path);  // of the metrics listener
  Scrape scrape();
  // Scrapes until `sample` is `value`, for what is counted after the browser heard of it.
  Scrape scrape_until(const std::string& sample, double value);
};

std::string target_label(unsigned port);  // 127.0.0.1:port
// name{target="target"}
std::string sample_of(std::string_view name, const std::string& target);

}  // namespace sallyport::support
