#include "app/reference.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "app/setting_table.h"
#include "app/startup_checks.h"
#include "places.h"

namespace sallyport::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Reference, IsWhatTheDocumentationSays) {
  const std::string page = text_of(std::filesystem::path(SALLYPORT_DOCS) / "configuration.md");
  EXPECT_EQ(page, reference_page())
      << "docs/configuration.md is out of date: run `sallyport reference > docs/configuration.md`";
}

TEST(Reference, NamesEverySetting) {
  const std::string page = reference_page();
  const std::string help = serve_help();
  for (const Setting& setting : setting_table()) {
    EXPECT_THAT(page, HasSubstr("### `" + setting.key + "`"));
    EXPECT_THAT(page, HasSubstr("`" + setting.environment() + "`"));
    EXPECT_THAT(help, HasSubstr("\n" + setting.flag() + "\n"));
  }
  for (const HostField& field : host_fields()) {
    EXPECT_THAT(page, HasSubstr("| `" + std::string(field.key) + "` |"));
  }
}

TEST(Reference, FitsATerminal) {
  std::istringstream help(serve_help() + main_help());
  for (std::string line; std::getline(help, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(ExampleConfiguration, IsGoodAndShowsEverySetting) {
  Sources sources = nowhere();
  sources.config = std::filesystem::path(SALLYPORT_DOCS) / "configuration.example.toml";
  const std::string text = text_of(*sources.config);
  const Configuration configuration = configure(sources);
  EXPECT_THAT(lines(configuration.problems), IsEmpty());
  EXPECT_THAT(lines(check_startup(configuration)), IsEmpty());

  // With every commented setting switched on it is still good, so that people can uncomment any of
  // them.
  std::string switched_on;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const bool setting = line.starts_with("#") && line.size() > 1 && line[1] != ' ';
    switched_on += (setting ? line.substr(1) : line) + "\n";
  }
  const Folder folder;
  folder.write("demo", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
  const Configuration all = configured(folder, switched_on);
  EXPECT_THAT(lines(all.problems), IsEmpty());
  EXPECT_EQ(all.where.size(), setting_table().size()) << "the example leaves a setting out";
}

}  // namespace
}  // namespace sallyport::app
