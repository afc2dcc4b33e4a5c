#include "scrape.h"

#include <chrono>
#include <stdexcept>

namespace sallyport::support {

std::optional<double> Scrape::find(std::string_view sample) const {
  const std::string start = "\n" + std::string(sample) + " ";
  const auto at = ("\n" + text_).find(start);  // where its line begins in text_
  if (at == std::string::npos) return std::nullopt;
  return std::stod(text_.substr(at + sample.size() + 1));
}

double Scrape::of(std::string_view name, const std::string& target) const {
  return find(sample_of(name, target)).value_or(0);
}

MetricsTest::MetricsTest() {
  settings().metrics_address = "127.0.0.1";
  settings().metrics_port = 0;
  settings().detached_limit = std::chrono::milliseconds(0);  // a session ends with its socket
}

web::Response MetricsTest::ask(std::string_view path) {
  web::Client client(gateway().metrics_port());
  return client.ask(web::get(path));
}

Scrape MetricsTest::scrape() {
  auto response = ask("/metrics");
  EXPECT_EQ(response.status, 200U);
  return Scrape(std::move(response.body));
}

Scrape MetricsTest::scrape_until(const std::string& sample, double value) {
  Scrape last = scrape();
  const bool came = eventually([&] {
    last = scrape();
    return last.find(sample) == value;
  });
  EXPECT_TRUE(came) << sample << " is not " << value << ":\n" << last.text();
  return last;
}

std::string sample_of(std::string_view name, const std::string& target) {
  return std::string(name) + "{target=\"" + target + "\"}";
}

std::string target_label(unsigned port) { return "127.0.0.1:" + std::to_string(port); }

}  // namespace sallyport::support
