#include "metrics/meters.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>

namespace sallyport::metrics {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::Key;
using testing::Le;
using testing::Pair;
using testing::SizeIs;

std::string numbered(std::size_t number) { return "host-" + std::to_string(number); }

TEST(TargetLabels, ATargetIsCalledAsItsUserDid) {
  TargetLabels labels;
  EXPECT_EQ(labels.label("db-3.corp", 22), "db-3.corp:22");
  EXPECT_EQ(labels.label("10.0.0.5", 2222), "10.0.0.5:2222");
  EXPECT_EQ(labels.label("::1", 22), "[::1]:22");
  EXPECT_EQ(labels.label("DB-3.Corp", 22), "db-3.corp:22");  // names do not mind their case
}

TEST(TargetLabels, AHostileNameIsAPlainShortWord) {
  TargetLabels labels;
  const std::string hostile = "a\n# EOF\r\x1b[2J\x7f\xff\xc3\xa9\"}\\" + std::string(1, '\0');
  const std::string label = labels.label(hostile, 22);
  EXPECT_THAT(label, testing::Each(AllOf(Ge(' '), Le('~'))));
  EXPECT_EQ(label, "a?# eof??[2j????\"}\\?:22");
  EXPECT_THAT(labels.label(std::string(100'000, 'x'), 22), SizeIs(TargetLabels::kLongest));
}

TEST(TargetLabels, TheFirstOnesAreNamedAndTheOthersShareAName) {
  TargetLabels labels(2);
  EXPECT_EQ(labels.label("a", 22), "a:22");
  EXPECT_EQ(labels.label("b", 22), "b:22");
  EXPECT_EQ(labels.label("c", 22), "other");
  EXPECT_EQ(labels.label("a", 22), "a:22");
  EXPECT_EQ(labels.label("a", 23), "other");
}

TEST(Meters, AMeterStaysWhereItIs) {
  TargetLabels labels;
  Meters meters(labels);
  Meter& first = meters.target("first", 22);
  for (std::size_t number = 0; number < 1000; ++number) meters.target(numbered(number), 22);
  EXPECT_EQ(&first, &meters.target("first", 22));
  const Meters moved = std::move(meters);
  first.opened();
  EXPECT_EQ(moved.snapshot().targets.find("first:22")->second.opened_count(), 1U);
}

TEST(Meters, ThousandsOfTargetsAreNoMoreThanTheCap) {
  TargetLabels labels;
  Meters one(labels);
  Meters other(labels);
  for (std::size_t number = 0; number < 5000; ++number) {
    (number % 2 == 0 ? one : other).target(numbered(number), 22).opened();
  }
  Snapshot all = one.snapshot();
  all.add(other.snapshot());
  EXPECT_THAT(all.targets, SizeIs(TargetLabels::kMost + 1));
  EXPECT_EQ(all.targets.at("host-0:22").opened_count(), 1U);
  EXPECT_EQ(all.targets.at("other").opened_count(), 5000U - TargetLabels::kMost);
}

TEST(Meters, ASnapshotHoldsStillWhileItsThreadGoesOn) {
  TargetLabels labels;
  Meters meters(labels);
  meters.target("db-3", 22).echo(1ms);
  const Snapshot before = meters.snapshot();
  meters.target("db-3", 22).echo(1ms);
  EXPECT_EQ(before.targets.at("db-3:22").echo().count(), 1U);
  EXPECT_EQ(meters.snapshot().targets.at("db-3:22").echo().count(), 2U);
}

TEST(Meters, ThreadsTogetherHaveTheTargetsOfAll) {
  TargetLabels labels;
  Meters one(labels);
  Meters other(labels);
  one.target("both", 22).input(3);
  other.target("both", 22).input(4);
  one.target("mine", 22).input(5);
  other.target("yours", 22).input(6);
  Snapshot all;
  all.add(one.snapshot());
  all.add(other.snapshot());
  EXPECT_THAT(all.targets, ElementsAre(Key("both:22"), Key("mine:22"), Key("yours:22")));
  EXPECT_EQ(all.targets.at("both:22").input_bytes(), 7U);
}

TEST(Meters, FailuresAreCountedByStageAndCode) {
  TargetLabels labels;
  Meters one(labels);
  Meters other(labels);
  one.failed(base::failure::refused("db-3", 22));
  one.failed(base::failure::passphrase_wrong());
  other.failed(base::failure::refused("db-4", 22));
  Snapshot all = one.snapshot();
  all.add(other.snapshot());
  EXPECT_THAT(all.failures, ElementsAre(Pair(Pair("authenticate", "passphrase-wrong"), 1),
                                        Pair(Pair("connect", "refused"), 2)));
}

}  // namespace
}  // namespace sallyport::metrics
