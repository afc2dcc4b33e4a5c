// The listener of the monitoring: what it answers, to whom, and how it ends.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

#include "promtool.h"
#include "scrape.h"
#include "support/http_client.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class MetricsEndpoint : public MetricsTest {};

TEST_F(MetricsEndpoint, IsOffUnlessItIsAskedFor) {
  settings().metrics_address.clear();
  start();
  EXPECT_EQ(gateway().metrics_port(), 0U);
}

TEST_F(MetricsEndpoint, TellsAsPrometheusReads) {
  start();
  const auto response = ask("/metrics");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.field("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.field("cache-control"), "no-store");
  EXPECT_EQ(response.field("x-content-type-options"), "nosniff");
  EXPECT_EQ(promtool_complaints(response.body), "");
}

TEST_F(MetricsEndpoint, SaysWhetherTheGatewayIsWell) {
  start();
  const auto response = ask("/healthz");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, R"({"status":"ok"})");
}

TEST_F(MetricsEndpoint, HasNothingOfThePage) {
  start();
  web::Client client(gateway().metrics_port());
  for (const auto* path : {"/", "/ws", "/assets/app.js", "/metrics/", "/metrics/x", "/Metrics"}) {
    EXPECT_EQ(client.ask(web::get(path)).status, 404U) << path;
  }
  for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(client.ask(web::get("/metrics", "", method)).status, 405U) << method;
  }
  const auto shown = client.ask(web::get("/", "Accept: text/html\r\n"));
  EXPECT_EQ(shown.status, 404U);
  EXPECT_THAT(shown.body, HasSubstr("There is nothing at this address."));
}

TEST_F(MetricsEndpoint, IsNothingForBrowsers) {
  start();
  web::Client browser(gateway().port());
  EXPECT_EQ(browser.ask(web::get("/metrics")).status, 404U);
}

TEST_F(MetricsEndpoint, IsNoTarget) {
  start();
  auto browser = connect();
  browser.send(open_frame(gateway().metrics_port(), password("x")));
  EXPECT_THAT(told(browser.expect("error")), StartsWith("policy not-allowed: "));
}

TEST_F(MetricsEndpoint, AHeadIsAnsweredAndTheConnectionGoesOn) {
  start();
  web::Client client(gateway().metrics_port());
  client.send(web::get("/metrics", "", "HEAD"));
  const auto head = client.read(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200U);
  EXPECT_GT(std::stoul(head->field("content-length")), 0U);
  EXPECT_EQ(client.ask(web::get("/metrics")).status, 200U);
}

TEST_F(MetricsEndpoint, APortThatIsTakenIsASentence) {
  start();
  auto again = settings();
  again.metrics_port = gateway().metrics_port();
  try {
    const app::Gateway second(again);
    FAIL() << "two listen on one port";
  } catch (const std::runtime_error& refused) {
    EXPECT_THAT(refused.what(), HasSubstr(" is in use by another program."));
  }
}

TEST_F(MetricsEndpoint, ManyScrapesAtOnceAreAllAnswered) {
  settings().threads = 4;
  start();
  std::vector<std::thread> scrapers;
  std::atomic<int> answered = 0;
  for (int scraper = 0; scraper < 8; ++scraper) {
    scrapers.emplace_back([&] {
      web::Client client(gateway().metrics_port());
      for (int times = 0; times < 25; ++times) {
        if (client.ask(web::get("/metrics")).status == 200) ++answered;
      }
    });
  }
  for (auto& scraper : scrapers) scraper.join();
  EXPECT_EQ(answered, 200);
}

// The stop comes anywhere between a request, what the threads are asked, the worker and the answer.
TEST_F(MetricsEndpoint, AGatewayThatStopsDuringScrapesLeavesNothing) {
  settings().threads = 4;
  for (int round = 0; round < 20; ++round) {
    start();
    const unsigned port = gateway().metrics_port();
    std::atomic<int> asked = 0;
    std::vector<std::thread> scrapers;
    for (int scraper = 0; scraper < 4; ++scraper) {
      scrapers.emplace_back([&] {
        try {
          web::Client client(port);
          // Without waiting for the answers, so that some are always under way.
          for (int times = 0; times < 40; ++times) {
            if (!client.send(web::get("/metrics"))) return;
            ++asked;
          }
          client.read_to_end();
        } catch (const std::runtime_error&) {
          // The stop came before the connection.
        }
      });
    }
    EXPECT_TRUE(eventually([&] { return asked > round; }));
    stop();
    for (auto& scraper : scrapers) scraper.join();
  }
}

}  // namespace
}  // namespace sallyport::support
