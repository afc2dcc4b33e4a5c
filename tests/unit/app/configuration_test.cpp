#include "app/configuration.h"

#include <gmock/gmock.h>

#include "places.h"

namespace sallyport::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Configuration, NeedsNothing) {
  const Configuration configuration = configure(nowhere());
  EXPECT_THAT(lines(configuration.problems), IsEmpty());
  EXPECT_EQ(configuration.file, std::nullopt);
  EXPECT_EQ(configuration.settings.listen_address, "127.0.0.1");
  EXPECT_EQ(configuration.settings.listen_port, 8022U);
}

TEST(Configuration, FlagBeforeEnvironmentBeforeFileBeforeDefault) {
  const Folder folder;
  Sources sources = nowhere();
  EXPECT_EQ(configure(sources).settings.listen_port, 8022U);
  sources.config = folder.write("t.toml", "listen = \"127.0.0.1:1\"\nthreads = 3\n");
  EXPECT_EQ(configure(sources).settings.listen_port, 1U);
  sources.environment.emplace_back("SALLYPORT_LISTEN=127.0.0.1:2");
  EXPECT_EQ(configure(sources).settings.listen_port, 2U);
  sources.flags.emplace_back("listen", "127.0.0.1:3");
  EXPECT_EQ(configure(sources).settings.listen_port, 3U);
  EXPECT_EQ(configure(sources).settings.threads, 3U) << "the rest of the file still counts";
  EXPECT_EQ(configure(sources).set_at("listen"), "--listen");
}

TEST(Configuration, FileByFlagBeforeVariableBeforeTheUsualPlace) {
  const Folder folder;
  Sources sources = nowhere();
  sources.usual_config = folder.write("usual.toml", "threads = 1\n");
  EXPECT_EQ(configure(sources).settings.threads, 1U);
  sources.environment.push_back("SALLYPORT_CONFIG=" +
                                folder.write("variable.toml", "threads = 2\n").string());
  EXPECT_EQ(configure(sources).settings.threads, 2U);
  sources.config = folder.write("flag.toml", "threads = 3\n");
  EXPECT_EQ(configure(sources).settings.threads, 3U);
  EXPECT_EQ(configure(sources).file, folder.path() / "flag.toml");
}

TEST(Configuration, AFileThatIsNamedMustBeThere) {
  const Folder folder;
  Sources sources = nowhere();
  sources.config = folder.path() / "none.toml";
  EXPECT_THAT(
      lines(configure(sources).problems),
      ElementsAre(sources.config->string() + ": cannot be read: No such file or directory"));
  sources.config = folder.path();
  EXPECT_THAT(lines(configure(sources).problems),
              ElementsAre(folder.path().string() + ": cannot be read: it is not a file"));
  sources.config = folder.write("big.toml", std::string(1024 * 1024 + 1, '#'));
  EXPECT_THAT(lines(configure(sources).problems),
              ElementsAre(sources.config->string() + ": cannot be read: it is larger than 1MiB"));
}

TEST(Configuration, KnownHostsLiveWhereStateLives) {
  Sources sources;
  sources.usual_config = "/nonexistent";
  EXPECT_EQ(configure(sources).settings.known_hosts, "");
  sources.environment = {"HOME=/home/ana"};
  EXPECT_EQ(configure(sources).settings.known_hosts,
            "/home/ana/.local/state/sallyport/known_hosts");
  sources.environment.emplace_back("XDG_STATE_HOME=/state");
  EXPECT_EQ(configure(sources).settings.known_hosts, "/state/sallyport/known_hosts");
  sources.environment.emplace_back("STATE_DIRECTORY=/var/lib/sallyport:/var/lib/other");
  EXPECT_EQ(configure(sources).settings.known_hosts, "/var/lib/sallyport/known_hosts");
  sources.flags = {{"known_hosts", "mine"}};
  EXPECT_EQ(configure(sources).settings.known_hosts, "mine");
}

TEST(Configuration, UnknownVariablesAreNamedWithWhatIsNear) {
  Sources sources = nowhere();
  sources.environment.insert(
      sources.environment.end(),
      {"SALLYPORT_LISTN=127.0.0.1:1", "SALLYPORT_COLOUR=blue", "SALLYPORT_CONFIGG=x",
       "SALLYPORT_PASSWORD=hunter2", "OTHER_LISTEN=1"});
  EXPECT_THAT(
      lines(configure(sources).problems),
      ElementsAre(
          "SALLYPORT_COLOUR: is not a setting.",
          "SALLYPORT_CONFIGG: is not a setting. Did you mean SALLYPORT_CONFIG?",
          "SALLYPORT_LISTN: is not a setting. Did you mean SALLYPORT_LISTEN?",
          "SALLYPORT_PASSWORD: is not a setting. Sallyport keeps no secret in its "
          "configuration: the user types it into the page, or a host has an identity_file."));
}

TEST(Configuration, LeavesTheVariablesOfAServiceLinkAlone) {
  Sources sources = nowhere();
  sources.environment.insert(
      sources.environment.end(),
      {"SALLYPORT_SERVICE_HOST=10.0.0.1", "SALLYPORT_SERVICE_PORT=8022",
       "SALLYPORT_PORT=tcp://10.0.0.1:8022", "SALLYPORT_PORT_8022_TCP_PROTO=tcp"});
  EXPECT_THAT(lines(configure(sources).problems), IsEmpty());
}

TEST(Configuration, ListFlagsAddUpAndOthersAreGivenOnce) {
  Sources sources = nowhere();
  sources.flags = {{"origins", "https://a.example,https://b.example"},
                   {"origins", "https://c.example"},
                   {"threads", "1"},
                   {"threads", "2"}};
  const Configuration configuration = configure(sources);
  EXPECT_THAT(configuration.settings.origins,
              ElementsAre("https://a.example", "https://b.example", "https://c.example"));
  EXPECT_THAT(lines(configuration.problems), ElementsAre("--threads: is given more than once"));
}

TEST(Configuration, NamesEveryProblemOfEveryPlace) {
  const Folder folder;
  Sources sources = nowhere();
  const auto file = folder.write("t.toml", "listen = \"8022\"\nlog_level = \"loud\"\n");
  sources.config = file;
  sources.environment.emplace_back("SALLYPORT_THREADS=many");
  sources.flags = {{"timeouts.connect", "10"}};
  EXPECT_THAT(
      lines(configure(sources).problems),
      ElementsAre(
          file.string() + ":1: listen: \"8022\" has no port: write ADDRESS:PORT, such as "
                          "127.0.0.1:8022, [::1]:8022 or 0.0.0.0:8022",
          file.string() + ":2: log_level: \"loud\" is not one of: debug, info, warning, error",
          "SALLYPORT_THREADS: \"many\" is not a whole number from 0 to 256",
          "--timeouts-connect: \"10\" is not a time: write a number with ms, s, m or h, "
          "such as 10s"));
}

}  // namespace
}  // namespace sallyport::app
