#include "web/upgrade.h"

#include <gtest/gtest.h>

#include <functional>

namespace sallyport::web {
namespace {

UpgradeFields good() {
  UpgradeFields fields;
  fields.http_1_1 = true;
  fields.host = "127.0.0.1:8022";
  fields.origin = "http://127.0.0.1:8022";
  fields.connection = "keep-alive, Upgrade";
  fields.upgrade = "websocket";
  fields.version = "13";
  fields.key = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455's example
  fields.protocols = "sallyport.v1";
  return fields;
}

TEST(Upgrade, FromOurPageIsTaken) { EXPECT_FALSE(refuse_upgrade(good(), OriginRule({}))); }

TEST(Upgrade, OursMayBeOneOfSeveralSubprotocols) {
  auto fields = good();
  fields.protocols = "sallyport.v2, sallyport.v1";
  EXPECT_FALSE(refuse_upgrade(fields, OriginRule({})));
}

struct Case {
  const char* what;
  std::function<void(UpgradeFields&)> spoil;
  unsigned status;
  std::string_view reason;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.what; }

class Spoilt : public testing::TestWithParam<Case> {};

TEST_P(Spoilt, IsRefusedWithASentence) {
  auto fields = good();
  GetParam().spoil(fields);
  const auto refusal = refuse_upgrade(fields, OriginRule({}));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, GetParam().status);
  EXPECT_EQ(refusal->reason, GetParam().reason);
  EXPECT_TRUE(refusal->sentence.ends_with('.'));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Spoilt,
    testing::Values(
        Case{"a plain request", [](auto& f) { f.connection = f.upgrade = ""; }, 426, "no-upgrade"},
        Case{"another protocol", [](auto& f) { f.upgrade = "h2c"; }, 426, "no-upgrade"},
        Case{"HTTP/1.0", [](auto& f) { f.http_1_1 = false; }, 426, "no-upgrade"},
        Case{"no Connection: upgrade", [](auto& f) { f.connection = "keep-alive"; }, 426,
             "no-upgrade"},
        Case{"no origin", [](auto& f) { f.origin.reset(); }, 403, "foreign-origin"},
        Case{"null", [](auto& f) { f.origin = "null"; }, 403, "foreign-origin"},
        Case{"a foreign page", [](auto& f) { f.origin = "https://evil.example"; }, 403,
             "foreign-origin"},
        Case{"a name for a host",
             [](auto& f) { f.host = "gate:8022", f.origin = "http://gate:8022"; }, 403,
             "foreign-origin"},
        Case{"no version", [](auto& f) { f.version = ""; }, 426, "websocket-version"},
        Case{"an old version", [](auto& f) { f.version = "8"; }, 426, "websocket-version"},
        Case{"two versions", [](auto& f) { f.version = "13, 13"; }, 426, "websocket-version"},
        Case{"no key", [](auto& f) { f.key = ""; }, 400, "websocket-key"},
        Case{"a short key", [](auto& f) { f.key = "dGhlIHNhbXBsZSBub25j"; }, 400, "websocket-key"},
        Case{"a key of other letters", [](auto& f) { f.key = "dGhlIHNhbXBsZSBub25j!Q=="; }, 400,
             "websocket-key"},
        Case{"two keys", [](auto& f) { f.key += ", " + f.key; }, 400, "websocket-key"},
        Case{"no subprotocol", [](auto& f) { f.protocols = ""; }, 400, "no-subprotocol"},
        Case{"another subprotocol", [](auto& f) { f.protocols = "sallyport.v2"; }, 400,
             "no-subprotocol"},
        Case{"another case", [](auto& f) { f.protocols = "Sallyport.V1"; }, 400,
             "no-subprotocol"}));

TEST(Upgrade, AForeignPageLearnsNothingElse) {
  auto fields = good();
  fields.origin = "https://evil.example";
  fields.version = "8";
  fields.key = "";
  fields.protocols = "";
  EXPECT_EQ(refuse_upgrade(fields, OriginRule({}))->reason, "foreign-origin");
}

}  // namespace
}  // namespace sallyport::web
