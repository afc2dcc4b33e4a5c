#include "session/remote_seat.h"

#include "fixture.h"

namespace sallyport::session {
namespace {

// The session's thread and the viewer's are two event loops that this thread runs in turn.
class RemoteSeat : public SessionTest {
 protected:
  protocol::Attach request(std::uint64_t received) {
    return {"id", session.lock()->token().duplicate(), received, {80, 24}, false};
  }
  base::Result<void> come(std::uint64_t received) {
    return session::attach(registry, here.get_executor(), away, request(received), away.port);
  }
  void run_both() {
    for (bool busy = true; busy;) {
      here.restart();
      context.restart();
      busy = here.poll() + context.poll() > 0;
    }
  }

  net::asio::io_context here;  // the viewer's
  ReadingViewer away;
};

TEST_F(RemoteSeat, ContinuesAtTheExactByte) {
  open();
  prints("one ");
  leave();
  ASSERT_TRUE(come(2));
  EXPECT_TRUE(away.attached.empty()) << "nothing is touched from the other thread";
  run_both();
  ASSERT_EQ(away.attached.size(), 1U);
  prints("two");
  run_both();
  EXPECT_EQ(away.text, "e two");
}

TEST_F(RemoteSeat, CarriesInputAcksAndSizesInOrder) {
  open();
  leave();
  ASSERT_TRUE(come(0));
  away.port->input(1, "a");
  away.port->input(2, "b");
  EXPECT_GE(away.port->input_backlog(), 2U);
  run_both();
  EXPECT_EQ(record.written, "ab");
  EXPECT_EQ(away.accepted, 2U);
  EXPECT_EQ(away.port->input_backlog(), 0U);
  away.port->resize({100, 30});
  prints(std::string(kWindow, 'x'));
  EXPECT_TRUE(record.paused());
  run_both();
  away.ack();
  run_both();
  EXPECT_FALSE(record.paused());
  EXPECT_EQ(record.sizes.back(), (protocol::Size{100, 30}));
  away.port->ping(4);
  run_both();
  EXPECT_TRUE(away.pong);
}

TEST_F(RemoteSeat, LetsTheLogFillWhileAPieceIsUnderWay) {
  open();
  leave();
  ASSERT_TRUE(come(0));
  run_both();
  away.reading = false;
  for (int i = 0; i < 100; ++i) prints("0123456789");
  run_both();
  away.reading = true;
  away.on_output();
  run_both();
  EXPECT_EQ(away.text.size(), 1000U);
}

TEST_F(RemoteSeat, TellsTheEndAfterAllOutput) {
  open();
  viewer.port->input(1, "exit\r");
  leave();
  ASSERT_TRUE(come(0));
  run_both();
  away.reading = false;
  prints("first ");
  prints("last");
  shell_says().on_exit({5, ""});
  run_both();
  EXPECT_FALSE(away.exited);
  away.reading = true;
  away.on_output();
  run_both();
  EXPECT_EQ(away.text, "first last");
  EXPECT_TRUE(away.exited);
  away.port->end_seen();
  away.port.reset();
  run_both();
  EXPECT_TRUE(session.expired());
}

TEST_F(RemoteSeat, LosesTheKeyboardToTheNext) {
  open();
  ASSERT_TRUE(come(0));
  run_both();
  EXPECT_EQ(viewer.code(), "taken-over");
  ReadingViewer third;
  ASSERT_TRUE(attach(third, 0));
  run_both();
  EXPECT_EQ(away.code(), "taken-over");
}

TEST_F(RemoteSeat, ThatIsGivenUpLeavesTheSessionAlone) {
  open();
  leave();
  ASSERT_TRUE(come(0));
  away.port.reset();
  prints("unseen");
  run_both();
  EXPECT_TRUE(away.attached.empty());
  EXPECT_FALSE(session.expired());
  EXPECT_EQ(registry.detached(), 1U);
}

TEST_F(RemoteSeat, IsToldWhenTheSessionEndedOnItsWay) {
  open();
  ASSERT_TRUE(come(0));
  viewer.port->hang_up();
  leave();
  run_both();
  EXPECT_EQ(away.code(), "no-such-session");
}

TEST_F(RemoteSeat, NeedsTheToken) {
  open();
  auto wrong = request(0);
  wrong.token = session.lock()->watch_token()->duplicate();
  EXPECT_EQ(session::attach(registry, here.get_executor(), away, wrong, away.port).error().code,
            "no-such-session");
  auto other = request(0);
  other.session = "another";
  EXPECT_FALSE(session::attach(registry, here.get_executor(), away, other, away.port));
}

}  // namespace
}  // namespace sallyport::session
