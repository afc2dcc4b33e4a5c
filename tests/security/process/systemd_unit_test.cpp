// The unit file, as systemd itself reads it.
#include <gmock/gmock.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "support/throwaway_keys.h"

namespace sallyport::support {
namespace {

class HygieneSystemdUnit : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      run_program({"systemd-analyze", "--version"});
    } catch (const std::exception&) {
      GTEST_SKIP() << "systemd-analyze is not installed here";
    }
    auto unit = read_file(SALLYPORT_UNIT);
    const std::string installed = "/usr/local/bin/sallyport";
    const auto at = unit.find(installed);
    ASSERT_NE(at, unit.npos);
    unit.replace(at, installed.size(), SALLYPORT_PROGRAM);  // it must be there to be verified
    write_file(file_, unit, 0644);
  }

  TemporaryFolder folder_;
  std::string file_ = folder_.path() / "sallyport.service";
};

TEST_F(HygieneSystemdUnit, IsUnderstoodWordByWord) {
  // What it does not know it says, and goes on.
  EXPECT_EQ(run_program({"systemd-analyze", "verify", "--man=no", file_}), "");
}

TEST_F(HygieneSystemdUnit, LeavesTheServiceHardlyExposed) {
  // Of 100, in systemd's own count; an ordinary service has 96. What is left of it is the network,
  // which is what the program is for.
  EXPECT_NO_THROW(run_program(
      {"systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", file_}));
}

}  // namespace
}  // namespace sallyport::support
