#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace sallyport::base {
namespace {

TEST(RandomId, is_base64url_without_padding) {
  for (const auto& [bytes, letters] : {std::pair<std::size_t, std::size_t>{1, 2},
                                       {2, 3},
                                       {3, 4},
                                       {kSessionIdBytes, 16},
                                       {kTokenBytes, 43}}) {
    const std::string id = random_id(bytes);
    EXPECT_EQ(id.size(), letters);
    EXPECT_EQ(
        id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        std::string::npos)
        << id;
  }
  EXPECT_EQ(random_id(0), "");
}

TEST(RandomId, does_not_come_twice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random_id(kSessionIdBytes)).second);
}

TEST(RandomId, uses_its_whole_alphabet) {
  std::set<char> seen;
  for (int i = 0; i < 200; ++i) {
    for (const char c : random_id(kTokenBytes)) seen.insert(c);
  }
  EXPECT_EQ(seen.size(), 64U);
}

}  // namespace
}  // namespace sallyport::base
