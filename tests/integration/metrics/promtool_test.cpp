// Prometheus' own tool reads what is told, whatever hosts are called.
#include "promtool.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "app/process_readings.h"
#include "metrics/exposition.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// Every metric there is, for targets of these names.
std::string all_metrics(const std::vector<std::string>& hosts) {
  metrics::TargetLabels labels;
  metrics::Meters meters(labels);
  for (const std::string& host : hosts) {
    metrics::Meter& meter = meters.target(host, 22);
    meter.opened();
    meter.ended();
    meter.resumed();
    meter.taken_over();
    meter.watched();
    meter.echo(136us);
    meter.echo(1h);
    meter.stall(3s);
    meter.queued(300'000);
    meter.output(1'000'000'000'000);
    meter.input(1);
    meter.skipped(1);
  }
  meters.failed(base::failure::refused("db-3", 22));
  meters.failed(base::failure::host_key_changed("db-3", "SHA256:a", "SHA256:b"));
  return metrics::exposition(meters.snapshot(), app::process_readings());
}

TEST(Promtool, TakesEveryMetricThereIs) {
  EXPECT_EQ(promtool_complaints(all_metrics({"db-3.corp.example", "10.0.0.5", "fd00::5"})), "");
}

TEST(Promtool, TakesTheTextWhateverHostsAreCalled) {
  EXPECT_EQ(promtool_complaints(all_metrics({
                "\"} 1\nevil_total{a=\"b",
                "back\\slash\\",
                "\n# TYPE evil gauge\nevil 1\n",
                "\xff\xfe not UTF-8 \xc3",
                "中文.example",
                std::string("a\0b", 3),
                "{}=,# \t\r\v\x7f\x1b[2J",
                "NaN",
                "",
                std::string(100'000, 'x'),
            })),
            "");
}

TEST(Promtool, TakesAGatewayThatHasNothingToTellYet) {
  EXPECT_EQ(promtool_complaints(metrics::exposition({}, app::process_readings())), "");
}

// It would be of no use as a judge otherwise.
TEST(Promtool, ComplainsOfWhatIsWrong) {
  EXPECT_NE(promtool_complaints("sallyport_sessions{target=\"a\nb\"} 1\n"), "");
  EXPECT_THAT(promtool_complaints("# TYPE sallyport_resumes counter\nsallyport_resumes 1\n"),
              HasSubstr("_total"));
}

}  // namespace
}  // namespace sallyport::support
