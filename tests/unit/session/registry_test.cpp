#include "session/registry.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

namespace sallyport::session {
namespace {

TEST(Registry, AdmitsUpToItsLimitAndAgainWhenAPlaceIsGivenBack) {
  Registry registry(2);
  auto first = registry.admit();
  const auto second = registry.admit();
  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
  EXPECT_FALSE(registry.admit());
  EXPECT_EQ(registry.size(), 2U);

  first.reset();
  EXPECT_EQ(registry.size(), 1U);
  EXPECT_TRUE(registry.admit());
}

TEST(Registry, MovedSlotIsGivenBackOnce) {
  Registry registry(1);
  {
    auto slot = registry.admit();
    ASSERT_TRUE(slot);
    const Registry::Slot moved(std::move(*slot));
    slot.reset();
    EXPECT_EQ(registry.size(), 1U);
  }
  EXPECT_EQ(registry.size(), 0U);
}

TEST(Registry, NeverAdmitsMoreThanItsLimitFromManyThreads) {
  constexpr std::size_t kLimit = 3;
  Registry registry(kLimit);
  std::vector<std::thread> threads;
  std::atomic<std::size_t> inside{0};
  std::atomic<bool> exceeded{false};
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        const auto slot = registry.admit();
        if (!slot) continue;
        if (inside.fetch_add(1) + 1 > kLimit) exceeded = true;
        inside.fetch_sub(1);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_FALSE(exceeded);
  EXPECT_EQ(registry.size(), 0U);
}

}  // namespace
}  // namespace sallyport::session
