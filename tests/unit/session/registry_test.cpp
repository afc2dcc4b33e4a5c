#include "session/registry.h"

#include <array>
#include <optional>
#include <thread>
#include <vector>

#include "fixture.h"

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

TEST_F(SessionTest, IsListedForWhoeverHasItsToken) {
  open();
  protocol::List asked;
  asked.sessions.push_back({"id", session.lock()->token().duplicate()});
  asked.sessions.push_back({"id", base::Secret("wrong")});
  asked.sessions.push_back({"gone", base::Secret("token")});
  auto found = registry.list(asked).sessions;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].session, "id");
  EXPECT_EQ(found[0].host, "db-3");
  EXPECT_EQ(found[0].username, "ana");
  EXPECT_TRUE(found[0].attached);
  leave();
  found = registry.list(asked).sessions;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].attached);
}

TEST(Registry, ForgetsTheOutputOfWhoeverHasBeenAwayLongest) {
  net::asio::io_context context;
  Registry registry(10, 10 * 1024);
  SessionOptions options;
  metrics::Meter meter;
  struct One {
    RecordingShell::Record record;
    ReadingViewer viewer;
    std::shared_ptr<Session> session;
    terminal::ShellEvents& shell() { return *session; }
  };
  std::array<One, 3> all;
  int number = 0;
  for (auto& [record, viewer, session] : all) {
    session = std::make_shared<Session>(context.get_executor(), *registry.admit(), options, meter,
                                        *terminal::Charset::named("utf-8"));
    session->run(std::make_unique<RecordingShell>(record),
                 {std::to_string(number++), "db-3", 22, "ana", "", {}}, {80, 24}, "page", registry);
    viewer.port = session->open(viewer);
  }
  all[1].viewer.port.reset();
  all[0].viewer.port.reset();
  for (auto& one : all) one.shell().on_output(std::string(2000, 'x'));
  context.poll();
  EXPECT_EQ(registry.log_bytes(), 3 * 2048U);
  all[2].shell().on_output(std::string(2000, 'x'));
  all[2].shell().on_output(std::string(2000, 'x'));
  context.restart();
  context.poll();
  ReadingViewer first, second;
  ASSERT_TRUE(all[1].session->attach(first, {false, 0, {80, 24}}, first.port));
  EXPECT_EQ(first.text, "") << "away the longest";
  ASSERT_TRUE(all[0].session->attach(second, {false, 0, {80, 24}}, second.port));
  EXPECT_EQ(second.text.size(), 2000U);
  for (auto& one : all) one.viewer.port.reset();
  first.port.reset();
  second.port.reset();
  registry.clear();
  for (auto& one : all) one.session.reset();
  context.restart();
  context.poll();
}

}  // namespace
}  // namespace sallyport::session
