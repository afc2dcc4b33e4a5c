#include "web/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

namespace sallyport::web {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::array kFiles{
    Asset{"app.js", "assets/app-1111.js", "text/javascript", "AAA", "x", "", ""}};
constexpr std::string_view kError =
    "<h1>{{status}} {{title}}</h1><p>{{sentence}}</p><style nonce=\"{{nonce}}\"></style>";

TEST(Pages, ATemplateIsFilledIn) {
  const Assets assets(kFiles);
  const Pages pages(
      {"<script src=\"{{asset:app.js}}\" nonce=\"{{nonce}}\"></script><i>{{boot}}</i>{{nonce}}!",
       kError},
      assets, {.version = "1.2.3", .presets = {}});
  const Reply reply = pages.index();
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.type, "text/html; charset=utf-8");
  EXPECT_GE(reply.nonce.size(), 22U);
  EXPECT_EQ(reply.text, "<script src=\"assets/app-1111.js\" nonce=\"" + reply.nonce +
                            "\"></script><i>{\"version\":\"1.2.3\",\"presets\":[]}</i>" +
                            reply.nonce + "!");
}

TEST(Pages, NoTwoPagesShareANonce) {
  const Assets assets(kFiles);
  const Pages pages({"{{nonce}}", kError}, assets, {});
  EXPECT_NE(pages.index().nonce, pages.index().nonce);
}

TEST(Pages, PresetsAreTheScriptsToRead) {
  EXPECT_EQ(
      boot_json({.version = "0.1.0",
                 .presets = {{"demo", "127.0.0.1", 2222, "ana", true},
                             {"库", "::1", 22, "", false, "never"}}}),
      R"({"version":"0.1.0","presets":[{"name":"demo","host":"127.0.0.1","port":2222,"username":"ana","identity":true,"clipboard":"ask"},)"
      R"({"name":"库","host":"::1","port":22,"username":"","identity":false,"clipboard":"never"}]})");
}

TEST(Pages, APresetCannotLeaveItsScriptElement) {
  const auto json =
      boot_json({.version = "1", .presets = {{"</script><b>&\"\\\n", "<!--", 22, "]]>", false}}});
  EXPECT_THAT(json, Not(HasSubstr("<")));
  EXPECT_THAT(json, Not(HasSubstr(">")));
  EXPECT_THAT(json, Not(HasSubstr("&")));
  EXPECT_THAT(json, HasSubstr(R"("\u003c/script\u003e\u003cb\u003e\u0026\"\\\n")"));
}

TEST(Pages, APresetCannotBeATemplateItself) {
  const Assets assets(kFiles);
  const Pages pages({"{{boot}}", kError}, assets, {.version = "{{nonce}}", .presets = {}});
  const Reply reply = pages.index();
  EXPECT_THAT(reply.text, HasSubstr("{{nonce}}"));
  EXPECT_THAT(reply.text, Not(HasSubstr(reply.nonce)));
}

TEST(Pages, AnUnknownPlaceholderIsNamed) {
  const Assets assets(kFiles);
  for (const std::string_view name : {"nounce", "asset:app.css", "asset:", ""}) {
    const std::string index = "a {{" + std::string(name) + "}} b";
    try {
      const Pages pages({index, kError}, assets, {});
      FAIL() << name << " was taken";
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(std::string(error.what()),
                "A template asks for {{" + std::string(name) + "}}, which does not exist.");
    }
  }
}

TEST(Pages, BracesThatDoNotCloseAreText) {
  const Assets assets(kFiles);
  const Pages pages({"a {{nonce", kError}, assets, {});
  EXPECT_EQ(pages.index().text, "a {{nonce");
}

TEST(Pages, AnErrorIsAPageForBrowsersAndALineForOthers) {
  const Assets assets(kFiles);
  const Pages pages({"", kError}, assets, {});
  const Reply html = pages.error(404, "Nothing <here>.", true);
  EXPECT_EQ(html.status, 404U);
  EXPECT_EQ(html.type, "text/html; charset=utf-8");
  EXPECT_EQ(html.text, "<h1>404 Not Found</h1><p>Nothing &lt;here&gt;.</p><style nonce=\"" +
                           html.nonce + "\"></style>");
  const Reply line = pages.error(404, "Nothing <here>.", false);
  EXPECT_EQ(line.type, "text/plain; charset=utf-8");
  EXPECT_EQ(line.text, "Nothing <here>.\n");
  EXPECT_EQ(line.nonce, "");
}

}  // namespace
}  // namespace sallyport::web
