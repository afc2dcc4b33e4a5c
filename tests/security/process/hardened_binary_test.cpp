// What makes a mistake hard to use is in the binary that is installed, not only in a build file.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/openssh_server.h"
#include "support/throwaway_keys.h"

namespace sallyport::support {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A sanitizer brings its own runtime, checks and flags.
constexpr bool kSanitized = !std::string_view(SALLYPORT_SANITIZED).empty();

class HygieneHardenedBinary : public ::testing::Test {
 protected:
  static std::string read_elf(const std::string& what, const std::string& file) {
    return run_program({"llvm-readelf-19", what, "--wide", file});
  }
  static std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
      ++found;
    return found;
  }
};

TEST_F(HygieneHardenedBinary, LiesAtAnotherAddressEachTime) {
  EXPECT_THAT(read_elf("--file-header", SALLYPORT_PROGRAM), ContainsRegex("Type: +DYN"));
  const auto dynamic = read_elf("--dynamic", SALLYPORT_PROGRAM);
  EXPECT_THAT(dynamic, HasSubstr("PIE"));
  EXPECT_THAT(dynamic, Not(HasSubstr("TEXTREL")));
}

TEST_F(HygieneHardenedBinary, NothingCanBeWrittenThatIsJumpedThrough) {
  const auto segments = read_elf("--program-headers", SALLYPORT_PROGRAM);
  EXPECT_THAT(segments, HasSubstr("GNU_RELRO"));
  const auto dynamic = read_elf("--dynamic", SALLYPORT_PROGRAM);
  EXPECT_THAT(dynamic, ContainsRegex("FLAGS_1.*NOW"));
}

TEST_F(HygieneHardenedBinary, NothingThatIsWrittenCanRun) {
  const auto segments = read_elf("--program-headers", SALLYPORT_PROGRAM);
  EXPECT_THAT(segments, ContainsRegex("GNU_STACK .* RW "));
  EXPECT_THAT(segments, Not(ContainsRegex("[A-Z]+ +(0x[0-9a-f]+ +)+RWE")));
}

TEST_F(HygieneHardenedBinary, LooksForItsLibrariesWhereTheSystemHasThem) {
  EXPECT_THAT(read_elf("--dynamic", SALLYPORT_PROGRAM), Not(ContainsRegex("R(UN)?PATH")));
}

TEST_F(HygieneHardenedBinary, ChecksItsStackAndItsBuffers) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer checks them in its own way";
  const auto symbols = read_elf("--dyn-syms", SALLYPORT_PROGRAM);
  EXPECT_THAT(symbols, HasSubstr("__stack_chk_fail"));
  EXPECT_GE(count(symbols, "_chk@"), 5U) << symbols;
}

// libssh2 reads what a stranger sends, so what holds for our code holds for it.
TEST_F(HygieneHardenedBinary, HasALibssh2BuiltTheSameWay) {
  const auto symbols = read_elf("--symbols", SALLYPORT_LIBSSH2);
  EXPECT_THAT(symbols, HasSubstr("__stack_chk_fail"));
  EXPECT_THAT(symbols, ContainsRegex("__(mem|str|snprintf|sprintf|vsnprintf)[a-z]*_chk"));
}

#if defined(__x86_64__)
// Every object of ours is marked for indirect branch tracking and shadow stacks. The program as a
// whole is not, because the C library's own start files of Debian are not.
TEST_F(HygieneHardenedBinary, JumpsOnlyToWhereJumpsMayGo) {
  for (const std::string library : {SALLYPORT_BASE_LIBRARY, SALLYPORT_LIBSSH2}) {
    const auto notes = read_elf("--notes", library);
    EXPECT_GT(count(notes, "File: "), 3U) << library;
    if (library != SALLYPORT_BASE_LIBRARY && count(notes, "IBT") == 0) {
      // Debian's own build of libssh2 (13) decides for itself; ours (12) is made with it.
      continue;
    }
    EXPECT_EQ(count(notes, "x86 feature: IBT, SHSTK"), count(notes, "File: ")) << library;
  }
}
#endif

// What leaves no mark in a binary is read from what the compiler was told, for every file of ours.
TEST_F(HygieneHardenedBinary, EveryFileIsCompiledWithAllOfIt) {
  std::ifstream file(std::string(SALLYPORT_BUILD) + "/compile_commands.json");
  const auto commands = nlohmann::json::parse(file);
  std::vector<std::string> wanted{"-fstack-protector-strong", "-D_GLIBCXX_ASSERTIONS",
                                  "-ftrivial-auto-var-init=zero", "-fstack-clash-protection"};
#if defined(__x86_64__)
  wanted.emplace_back("-fcf-protection=full");
#elif defined(__aarch64__)
  wanted.emplace_back("-mbranch-protection=standard");
#endif
#ifdef NDEBUG
  if (!kSanitized) wanted.emplace_back("-D_FORTIFY_SOURCE=");
#endif
  std::size_t seen = 0;
  for (const auto& entry : commands) {
    const auto source = entry.at("file").get<std::string>();
    const auto command = entry.at("command").get<std::string>();
    if (!source.contains("/server/") || !source.ends_with(".cpp")) continue;
    ++seen;
    for (const auto& flag : wanted) EXPECT_THAT(command, HasSubstr(flag)) << source;
    EXPECT_TRUE(command.contains("-fPIE") || command.contains("-fPIC")) << source;
  }
  EXPECT_GT(seen, 50U);
}

}  // namespace
}  // namespace sallyport::support
