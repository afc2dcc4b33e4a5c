#include "session/lifetime.h"

#include <gtest/gtest.h>

namespace sallyport::session {
namespace {

using namespace std::chrono_literals;
using Due = Lifetime::Due;

const Lifetime::Time kStart{};

TEST(Lifetime, HasNoEndWhileSomebodyIsThere) {
  const LifetimeOptions options;
  Lifetime lifetime(options, kStart);
  lifetime.attach();
  EXPECT_EQ(lifetime.next(), Lifetime::Time::max());
  EXPECT_EQ(lifetime.due(kStart + 10'000h), Due::kNothing);
}

TEST(Lifetime, HoldsForAWhileAndThenUntilItsLimit) {
  const LifetimeOptions options{2min, 24h, 0ms, 0ms};
  Lifetime lifetime(options, kStart);
  lifetime.attach();
  lifetime.detach(kStart + 1h);
  EXPECT_TRUE(lifetime.holding());
  EXPECT_EQ(lifetime.next(), kStart + 1h + 2min);
  EXPECT_EQ(lifetime.due(kStart + 1h + 119s), Due::kNothing);
  EXPECT_EQ(lifetime.due(kStart + 1h + 2min), Due::kHoldOver);
  EXPECT_FALSE(lifetime.holding());
  EXPECT_EQ(lifetime.due(kStart + 2h), Due::kNothing);
  EXPECT_EQ(lifetime.next(), kStart + 25h);
  EXPECT_EQ(lifetime.due(kStart + 25h), Due::kDetachedLimit);
}

TEST(Lifetime, BeginsAnewWhenSomebodyComesBack) {
  const LifetimeOptions options{2min, 24h, 0ms, 0ms};
  Lifetime lifetime(options, kStart);
  lifetime.detach(kStart);
  lifetime.attach();
  EXPECT_FALSE(lifetime.holding());
  lifetime.detach(kStart + 23h);
  EXPECT_TRUE(lifetime.holding());
  EXPECT_EQ(lifetime.due(kStart + 25h), Due::kHoldOver);
  EXPECT_EQ(lifetime.next(), kStart + 47h);
}

TEST(Lifetime, KeepsTheLastWordsOfAShellForAnHourAtMost) {
  const LifetimeOptions day{2min, 24h, 0ms, 0ms}, minute{2min, 1min, 0ms, 0ms};
  Lifetime lifetime(day, kStart);
  lifetime.detach(kStart);
  lifetime.end();
  EXPECT_EQ(lifetime.due(kStart + 59min), Due::kHoldOver);
  EXPECT_EQ(lifetime.next(), kStart + 1h);
  EXPECT_EQ(lifetime.due(kStart + 1h), Due::kDetachedLimit);
  Lifetime shorter(minute, kStart);
  shorter.detach(kStart);
  shorter.end();
  EXPECT_EQ(shorter.next(), kStart + 1min);
}

TEST(Lifetime, CountsIdleTimeFromTheLastKey) {
  const LifetimeOptions options{2min, 24h, 30min, 0ms};
  Lifetime lifetime(options, kStart);
  lifetime.attach();
  EXPECT_EQ(lifetime.next(), kStart + 30min);
  lifetime.typed(kStart + 20min);
  EXPECT_EQ(lifetime.due(kStart + 30min), Due::kNothing);
  EXPECT_EQ(lifetime.next(), kStart + 50min);
  EXPECT_EQ(lifetime.due(kStart + 50min), Due::kIdleLimit);
}

TEST(Lifetime, EndsAtItsTotalLimitWhateverHappens) {
  const LifetimeOptions options{2min, 24h, 0ms, 12h};
  Lifetime lifetime(options, kStart);
  lifetime.attach();
  lifetime.typed(kStart + 12h);
  EXPECT_EQ(lifetime.next(), kStart + 12h);
  EXPECT_EQ(lifetime.due(kStart + 12h), Due::kTotalLimit);
}

}  // namespace
}  // namespace sallyport::session
