#include "session/session.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace sallyport::session {
namespace {

constexpr std::size_t kWindow = 1000;

// The host's side of the port: it records what the session asks and takes as much input as the test
// allows.
struct RecordingShell final : terminal::Shell {
  struct Record {
    std::string written;
    std::size_t backlog = 0;
    int pauses = 0, resumes = 0, hang_ups = 0;
    protocol::Size size;
  };
  explicit RecordingShell(Record& r) : record(r) {}
  void write(std::string_view bytes) override { record.written += bytes; }
  std::size_t backlog() const override { return record.backlog; }
  void resize(unsigned cols, unsigned rows) override { record.size = {cols, rows}; }
  void pause() override { ++record.pauses; }
  void resume() override { ++record.resumes; }
  void hang_up() override { ++record.hang_ups; }
  Record& record;
};

// A viewer that reads its log like a browser's socket does, and acknowledges only when told to.
struct ReadingViewer final : Viewer {
  explicit ReadingViewer(Session& s) : session(s) {}
  void on_output() override {
    const auto& log = session.log();
    while (cursor < log.end()) {
      const auto data = log.read(cursor, 64 * 1024);
      text += data;
      cursor += data.size();
      session.sent(cursor);
    }
  }
  void on_accepted(std::uint64_t seq) override { accepted = seq; }
  void on_exited(const terminal::ShellExit& exit) override { exited = exit; }
  void on_failed(const base::Failure& failed, protocol::CloseCode code) override {
    failure = failed;
    close = code;
  }
  Session& session;
  std::uint64_t cursor = 0;
  std::string text;
  std::uint64_t accepted = 0;
  std::optional<terminal::ShellExit> exited;
  std::optional<base::Failure> failure;
  std::optional<protocol::CloseCode> close;
};

class SessionTest : public testing::Test {
 protected:
  void open(std::string_view encoding = "utf-8") {
    session = std::make_shared<Session>(context.get_executor(), *registry.admit(),
                                        SessionOptions{kWindow, 64 * 1024},
                                        *terminal::Charset::named(encoding));
    session->run(std::make_unique<RecordingShell>(record), {"id", "db-3", 22, "ana", "", {}});
    viewer.emplace(*session);
    session->attach(*viewer);
  }
  terminal::ShellEvents& shell_says() { return *session; }
  void prints(std::string_view bytes) {
    shell_says().on_output(bytes);
    shell_says().on_output_pause();
  }

  net::asio::io_context context;
  Registry registry{10};
  RecordingShell::Record record;
  std::shared_ptr<Session> session;
  std::optional<ReadingViewer> viewer;
};

TEST_F(SessionTest, ShowsItsViewerWhatTheShellPrints) {
  open();
  prints("one ");
  prints("two");
  EXPECT_EQ(viewer->text, "one two");
}

TEST_F(SessionTest, HoldsASplitCharacterUntilItIsWhole) {
  open();
  prints("\xe4\xb8");
  EXPECT_EQ(viewer->text, "");
  prints("\xad!");
  EXPECT_EQ(viewer->text, "中!");
}

TEST_F(SessionTest, SpeaksTheHostsEncodingBothWays) {
  open("gbk");
  prints("\xd6\xd0");
  EXPECT_EQ(viewer->text, "中");
  EXPECT_TRUE(session->input(1, "中"));
  EXPECT_EQ(record.written, "\xd6\xd0");
}

TEST_F(SessionTest, PausesTheShellAtTheWindowAndResumesBelowHalf) {
  open();
  prints(std::string(kWindow - 1, 'x'));
  EXPECT_EQ(record.pauses, 0);
  prints("x");
  EXPECT_EQ(record.pauses, 1);
  EXPECT_TRUE(session->ack(kWindow / 2));
  EXPECT_EQ(record.resumes, 0);
  EXPECT_TRUE(session->ack(kWindow / 2 + 1));
  EXPECT_EQ(record.resumes, 1);
}

TEST_F(SessionTest, PacesByWhatWasSentWhileAcksCannotBeRead) {
  open();
  prints(std::string(kWindow, 'x'));
  EXPECT_EQ(record.pauses, 1);
  session->set_acks_unread(true);
  EXPECT_EQ(record.resumes, 1);
  session->set_acks_unread(false);
  EXPECT_EQ(record.pauses, 2);
}

TEST_F(SessionTest, RefusesAnAckBeyondWhatWasSentAndForgivesAnOldOne) {
  open();
  prints("abc");
  EXPECT_TRUE(session->ack(3));
  EXPECT_TRUE(session->ack(1));
  EXPECT_FALSE(session->ack(4));
}

TEST_F(SessionTest, TakesEachInputOnceAndInOrder) {
  open();
  EXPECT_TRUE(session->input(1, "a"));
  EXPECT_TRUE(session->input(2, "b"));
  EXPECT_TRUE(session->input(1, "a"));
  EXPECT_FALSE(session->input(4, "d"));
  EXPECT_EQ(record.written, "ab");
  EXPECT_EQ(viewer->accepted, 2U);
}

TEST_F(SessionTest, AcceptsInputWhenTheHostHasTakenIt) {
  open();
  record.backlog = 5;
  EXPECT_TRUE(session->input(1, "hello"));
  EXPECT_EQ(viewer->accepted, 0U);
  record.backlog = 0;
  shell_says().on_input_drained();
  EXPECT_EQ(viewer->accepted, 1U);
}

TEST_F(SessionTest, TellsTheExitAfterAllOutput) {
  open();
  EXPECT_TRUE(session->input(1, "exit 7\r"));
  shell_says().on_output("last \xe4");
  shell_says().on_exit({7, ""});
  EXPECT_EQ(viewer->text, "last \xef\xbf\xbd");
  ASSERT_TRUE(viewer->exited);
  EXPECT_EQ(viewer->exited->status, 7);
}

TEST_F(SessionTest, CallsAShellThatFailsBeforeAnybodyTypedOneThatEndedAtOnce) {
  open();
  prints("This account is currently not available.\r\n");
  shell_says().on_exit({1, ""});
  ASSERT_TRUE(viewer->failure);
  EXPECT_EQ(viewer->failure->message, "The account's shell ended at once (status 1).");
  EXPECT_EQ(viewer->close, protocol::CloseCode::kCouldNotConnect);
}

TEST_F(SessionTest, SaysNothingToAViewerThatLeft) {
  open();
  session->detach(*viewer);
  prints("unseen");
  shell_says().on_exit({0, ""});
  EXPECT_EQ(viewer->text, "");
  EXPECT_FALSE(viewer->exited);
}

TEST_F(SessionTest, GivesItsPlaceBackAndHangsUpWhenItGoes) {
  open();
  EXPECT_EQ(registry.size(), 1U);
  viewer.reset();
  session.reset();
  context.run();
  EXPECT_EQ(registry.size(), 0U);
  EXPECT_EQ(record.hang_ups, 1);
}

}  // namespace
}  // namespace sallyport::session
