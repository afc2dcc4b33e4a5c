#include "fixture.h"

namespace sallyport::session {
namespace {

class Watchers : public SessionTest {
 protected:
  static constexpr bool kWatch = true;
  ReadingViewer watcher;
};

TEST_F(Watchers, SeeWhatIsPrintedAndTypeNothing) {
  open();
  prints("before ");
  ASSERT_TRUE(attach(watcher, 0, kWatch));
  prints("after");
  EXPECT_EQ(watcher.text, "before after");
  EXPECT_EQ(viewer.text, "before after");
  watcher.port->input(1, "rm -rf /\r");
  EXPECT_EQ(watcher.code(), "bad-frame");
  EXPECT_EQ(record.written, "");
  prints("!");
  EXPECT_EQ(watcher.text, "before after");
}

TEST_F(Watchers, FollowTheSizeAndDoNotChangeIt) {
  open();
  ASSERT_TRUE(attach(watcher, 0, kWatch, {10, 10}));
  watcher.port->resize({20, 20});
  EXPECT_TRUE(record.sizes.empty());
  viewer.port->resize({100, 30});
  EXPECT_EQ(watcher.size, (protocol::Size{100, 30}));
}

TEST_F(Watchers, GetTheOldOutputAtTheOldSize) {
  open();
  watcher.reading = false;
  ASSERT_TRUE(attach(watcher, 0, kWatch));
  prints("old");
  viewer.port->resize({100, 30});
  prints("new");
  EXPECT_EQ(watcher.port->take().data, "old");
  EXPECT_FALSE(watcher.size);
  EXPECT_TRUE(watcher.port->take().data.empty());
  EXPECT_EQ(watcher.size, (protocol::Size{100, 30}));
  EXPECT_EQ(watcher.port->take().data, "new");
}

TEST_F(Watchers, DoNotSlowTheSession) {
  open();
  watcher.reading = false;
  ASSERT_TRUE(attach(watcher, 0, kWatch));
  for (int i = 0; i < 1000; ++i) {
    prints(std::string(400, 'x'));
    viewer.ack();
  }
  EXPECT_EQ(record.pauses, 0);
}

TEST_F(Watchers, GetNoMoreThanAWindowBeyondTheirAcks) {
  open();
  ASSERT_TRUE(attach(watcher, 0, kWatch));
  for (int i = 0; i < 10; ++i) {
    prints(std::string(kWindow / 2, 'x'));
    viewer.ack();
  }
  EXPECT_LE(watcher.text.size(), kWindow + kWindow / 2);
  watcher.ack();
  EXPECT_GT(watcher.text.size(), kWindow + kWindow / 2);
}

TEST_F(Watchers, WhoFallBehindAreMovedForwardToASafeCut) {
  open();
  ASSERT_TRUE(attach(watcher, 0, kWatch));
  const std::string line = "\x1b]0;a title\x07" + std::string(88, 'x');
  for (int i = 0; i < 4000; ++i) {
    prints(line);
    viewer.ack();
  }
  ASSERT_EQ(watcher.attached.size(), 1U);
  const auto before = watcher.text.size();
  watcher.ack();
  ASSERT_EQ(watcher.attached.size(), 2U);
  EXPECT_GT(watcher.attached[1].start, before + kWindow);
  const char first = watcher.text[before];
  EXPECT_TRUE(first == 'x' || first == '\x1b');
  EXPECT_EQ(meter.skipped_bytes(), watcher.attached[1].start - before);
}

TEST_F(Watchers, AreNoMoreThanMayBe) {
  open();
  ReadingViewer second, third;
  EXPECT_TRUE(attach(watcher, 0, kWatch));
  EXPECT_TRUE(attach(second, 0, kWatch));
  EXPECT_EQ(attach(third, 0, kWatch).error().code, "too-many-watchers");
  second.port.reset();
  EXPECT_TRUE(attach(third, 0, kWatch));
}

TEST_F(Watchers, AreToldWhenTheSessionEnds) {
  open();
  ASSERT_TRUE(attach(watcher, 0, kWatch));
  viewer.port->hang_up();
  EXPECT_EQ(watcher.code(), "closed-by-owner");
}

TEST_F(Watchers, StayWhenWhoeverHasTheKeyboardLeaves) {
  open();
  ASSERT_TRUE(attach(watcher, 0, kWatch));
  leave();
  prints("alone");
  EXPECT_EQ(watcher.text, "alone");
}

}  // namespace
}  // namespace sallyport::session
