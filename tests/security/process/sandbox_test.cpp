// What is left to somebody who got into the running program.
#include <gmock/gmock.h>

#include <csignal>
#include <string>
#include <string_view>

#include "app/sandbox.h"
#include "integration/app/process.h"
#include "support/throwaway_keys.h"

namespace sallyport::support {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Attempt {
  int status;
  std::string said;
  std::string sandbox;
  int landlock() const {
    const auto number = sandbox.substr(sandbox.find('=') + 1);
    return std::isdigit(static_cast<unsigned char>(number[0])) ? std::stoi(number) : 0;
  }
};

class Promise14NoSubprocess : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const char* reason = app::no_sandbox_here()) GTEST_SKIP() << reason;
    if (const auto tried = attempt("nothing"); !tried.sandbox.contains("system_calls=active")) {
      GTEST_SKIP() << "the kernel has no seccomp filters here: " << tried.sandbox;
    }
  }
  Attempt attempt(const std::string& what) {
    app::Process process(SALLYPORT_ATTEMPT, {folder_.path().string(), what}, {});
    const int status = process.wait();
    return {status, process.output(), process.error()};
  }
  void expect_the_end(const std::string& what) {
    EXPECT_EQ(attempt(what).status, 128 + SIGSYS) << what;
  }
  void expect_refused(const std::string& what) {
    const auto tried = attempt(what);
    EXPECT_EQ(tried.status, 1) << what;
    EXPECT_THAT(tried.said, StartsWith("refused")) << what;
  }
  void expect_allowed(const std::string& what) {
    EXPECT_EQ(attempt(what).said, "allowed\n") << what;
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(Promise14NoSubprocess, RunningAProgramEndsTheGateway) {
  expect_the_end("exec");
  expect_the_end("exec-in-a-thread");
  expect_the_end("vfork");
}

TEST_F(Promise14NoSubprocess, ThereIsNoChildThatCouldRunOne) {
  expect_refused("fork");
  expect_refused("spawn");
  expect_refused("system");
}

TEST_F(Promise14NoSubprocess, WhatChangesTheSystemEndsTheGateway) {
  for (const char* what :
       {"ptrace", "read-another's-memory", "mount", "bpf", "load-a-module", "new-namespace"}) {
    expect_the_end(what);
  }
}

TEST_F(Promise14NoSubprocess, WhatAGatewayDoesNotDoIsRefused) {
  for (const char* what : {"signal-another", "raw-socket", "kernel-crypto", "type-into-a-terminal",
                           "new-privileges", "core"}) {
    expect_refused(what);
  }
}

TEST_F(Promise14NoSubprocess, WhatWasWrittenNeverBecomesCode) {
  expect_refused("writable-code");
  expect_refused("written-code");
}

TEST_F(Promise14NoSubprocess, FilesThatItDoesNotUseAreOutOfReach) {
  const int landlock = attempt("nothing").landlock();
  if (landlock == 0) GTEST_SKIP() << "the kernel has no Landlock here";
  expect_refused("read-elsewhere");
  expect_refused("write-elsewhere");
  if (landlock >= 4) expect_refused("listen");
}

// Or the test would be content with a program that can do nothing at all.
TEST_F(Promise14NoSubprocess, WhatAGatewayDoesGoesOn) {
  for (const char* what :
       {"nothing", "thread", "find-localhost", "read-etc", "write-its-folder", "connect"}) {
    expect_allowed(what);
  }
}

}  // namespace
}  // namespace sallyport::support
