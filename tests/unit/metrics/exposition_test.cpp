#include "metrics/exposition.h"

#include <gmock/gmock.h>

namespace sallyport::metrics {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(Exposition, AHistogramCountsUpToEachBoundInSeconds) {
  TargetLabels labels;
  Meters meters(labels);
  Meter& meter = meters.target("db-3", 22);
  for (const auto time : {40us, 50us, 200us, 20'000'000us}) meter.echo(time);
  const std::string text = exposition(meters.snapshot(), {});
  EXPECT_THAT(text, HasSubstr("# TYPE sallyport_echo_seconds histogram\n"));
  const std::string target = R"({target="db-3:22")";
  for (const std::string_view line :
       {",le=\"5e-05\"} 2\n", ",le=\"0.0001\"} 2\n", ",le=\"0.00025\"} 3\n", ",le=\"10\"} 3\n",
        ",le=\"+Inf\"} 4\n"}) {
    EXPECT_THAT(text, HasSubstr("sallyport_echo_seconds_bucket" + target + std::string(line)));
  }
  EXPECT_THAT(text, HasSubstr("sallyport_echo_seconds_count" + target + "} 4\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_echo_seconds_sum" + target + "} 20.00029\n"));
}

TEST(Exposition, EveryCounterOfATargetIsThere) {
  TargetLabels labels;
  Meters meters(labels);
  Meter& meter = meters.target("db-3", 22);
  for (int times = 0; times < 7; ++times) meter.opened();
  for (int times = 0; times < 6; ++times) meter.ended();
  for (int times = 0; times < 5; ++times) meter.resumed();
  for (int times = 0; times < 4; ++times) meter.taken_over();
  for (int times = 0; times < 3; ++times) meter.watched();
  meter.output(123'456'789'012);
  meter.input(2);
  meter.skipped(1);
  meter.queued(300 * 1024);
  const std::string text = exposition(meters.snapshot(), {});
  const std::string of = R"({target="db-3:22"} )";
  EXPECT_THAT(text, HasSubstr("sallyport_sessions_opened_total" + of + "7\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_sessions_ended_total" + of + "6\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_resumes_total" + of + "5\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_takeovers_total" + of + "4\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_watchers_total" + of + "3\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_output_bytes_total" + of + "123456789012\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_input_bytes_total" + of + "2\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_skipped_bytes_total" + of + "1\n"));
  EXPECT_THAT(text, HasSubstr("sallyport_queued_bytes_sum" + of + "307200\n"));
}

TEST(Exposition, TheProcessHasReadings) {
  const std::string text =
      exposition({}, {{.name = "sallyport_sessions", .help = "Shells that run.", .value = 3},
                      {.name = "process_cpu_seconds_total",
                       .help = "Processor time.",
                       .value = 1.5,
                       .kind = Reading::Kind::kCounter},
                      {.name = "sallyport_build_info",
                       .help = "Which program this is.",
                       .value = 1,
                       .labels = {{"version", "0.1.0"}}}});
  EXPECT_EQ(text,
            "# HELP sallyport_sessions Shells that run.\n"
            "# TYPE sallyport_sessions gauge\n"
            "sallyport_sessions 3\n"
            "# HELP process_cpu_seconds_total Processor time.\n"
            "# TYPE process_cpu_seconds_total counter\n"
            "process_cpu_seconds_total 1.5\n"
            "# HELP sallyport_build_info Which program this is.\n"
            "# TYPE sallyport_build_info gauge\n"
            "sallyport_build_info{version=\"0.1.0\"} 1\n");
}

TEST(Exposition, FailuresHaveTheirStageAndCode) {
  TargetLabels labels;
  Meters meters(labels);
  meters.failed(base::failure::refused("db-3", 22));
  EXPECT_THAT(exposition(meters.snapshot(), {}),
              HasSubstr("sallyport_failures_total{stage=\"connect\",code=\"refused\"} 1\n"));
}

TEST(Exposition, NoNameOfAHostEndsItsLabel) {
  TargetLabels labels;
  Meters meters(labels);
  meters.target("a\"} 1\nsallyport_sessions_opened_total{target=\"b", 22).opened();
  const std::string text = exposition(meters.snapshot(), {});
  EXPECT_THAT(text, HasSubstr("sallyport_sessions_opened_total{target=\"a\\\"} "
                              "1?sallyport_sessions_opened_total{target=\\\"b:22\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("\nsallyport_sessions_opened_total{target=\"b")));
}

}  // namespace
}  // namespace sallyport::metrics
