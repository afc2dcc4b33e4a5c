#include "app/command_line.h"

#include <gmock/gmock.h>

#include "app/reference.h"
#include "places.h"

namespace sallyport::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

TEST(CommandLine, KnowsItsCommands) {
  EXPECT_EQ(parse_command_line({"serve"}).command, Command::kServe);
  EXPECT_EQ(parse_command_line({"check"}).command, Command::kCheck);
  EXPECT_EQ(parse_command_line({"explain", "db-3:22"}).command, Command::kExplain);
  EXPECT_EQ(parse_command_line({"explain", "db-3:22"}).target, "db-3:22");
  EXPECT_EQ(parse_command_line({"health"}).command, Command::kHealth);
  EXPECT_EQ(parse_command_line({"reference"}).command, Command::kReference);
  EXPECT_EQ(parse_command_line({"version"}).command, Command::kVersion);
  EXPECT_EQ(parse_command_line({"--version"}).command, Command::kVersion);
  for (const auto* command : {"serve", "check", "health", "reference", "version", "--version"}) {
    EXPECT_THAT(lines(parse_command_line({command}).problems), IsEmpty()) << command;
  }
}

TEST(CommandLine, TakesFlagsInBothSpellings) {
  const CommandLine line = parse_command_line(
      {"serve", "--listen", "127.0.0.1:0", "--host-keys=strict", "--origins", "https://a.example",
       "--origins=https://b.example", "--config", "x.toml"});
  EXPECT_THAT(lines(line.problems), IsEmpty());
  EXPECT_THAT(line.flags, testing::UnorderedElementsAre(Pair("listen", "127.0.0.1:0"),
                                                        Pair("host_keys", "strict"),
                                                        Pair("origins", "https://a.example"),
                                                        Pair("origins", "https://b.example")));
  EXPECT_EQ(line.config, "x.toml");
  EXPECT_EQ(parse_command_line({"check", "--config=y.toml"}).config, "y.toml");
}

TEST(CommandLine, SaysWhatIsWrong) {
  const struct {
    std::vector<std::string> arguments;
    std::string line;
  } rows[] = {
      {{},
       "a command is missing: sallyport serve runs the gateway, sallyport --help shows the others"},
      {{"sevre"}, "sevre: is not a command. Did you mean serve?"},
      {{"--listen", "x", "serve"},
       "--listen: must follow a command, as in sallyport serve --listen 127.0.0.1:8022"},
      {{"serve", "--listne", "127.0.0.1:1"}, "--listne: is not a flag. Did you mean --listen?"},
      {{"serve", "--target-allow=*"},
       "--target-allow: is not a flag. Did you mean --targets-allow?"},
      {{"serve", "--colour"}, "--colour: is not a flag."},
      {{"check", "--confg", "x"}, "--confg: is not a flag. Did you mean --config?"},
      {{"explain"}, "the host is missing: sallyport explain HOST[:PORT]"},
      {{"explain", "db-3", "22"}, "there is a word too many on the command line"},
      {{"serve", "now"}, "there is a word too many on the command line"},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(lines(parse_command_line(row.arguments).problems), ElementsAre(row.line));
  }
  EXPECT_THAT(lines(parse_command_line({"serve", "--listen"}).problems),
              ElementsAre(HasSubstr("--listen")));
}

TEST(CommandLine, NeverRepeatsWhatMayBeASecret) {
  for (const auto& line : {parse_command_line({"serve", "--password=hunter2"}),
                           parse_command_line({"serve", "--password", "hunter2"}),
                           parse_command_line({"--password=hunter2"}),
                           parse_command_line({"serve", "ana", "hunter2"})}) {
    ASSERT_THAT(line.problems, Not(IsEmpty()));
    for (const auto& text : lines(line.problems)) EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(lines(parse_command_line({"serve", "--password", "hunter2"}).problems),
              ElementsAre(HasSubstr("Sallyport keeps no secret in its configuration")));
}

TEST(CommandLine, HelpsOnEachCommand) {
  EXPECT_EQ(parse_command_line({"--help"}).command, Command::kHelp);
  EXPECT_EQ(parse_command_line({"--help"}).help, main_help());
  EXPECT_EQ(parse_command_line({"serve", "--help"}).help, serve_help());
  EXPECT_EQ(parse_command_line({"serve", "-h"}).help, serve_help());
  EXPECT_THAT(parse_command_line({"check", "--help"}).help, HasSubstr("Usage: sallyport check"));
}

}  // namespace
}  // namespace sallyport::app
