#include "app/nearest.h"

#include <gmock/gmock.h>

namespace sallyport::app {
namespace {

TEST(EditDistance, CountsLettersToChange) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("listen", "listen"), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("listn", "listen"), 1U);
  EXPECT_EQ(edit_distance("lisetn", "listen"), 1U) << "two neighbours swapped are one mistake";
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, FindsWhatWasMeant) {
  const std::vector<std::string> keys{"listen", "origins", "targets.allow", "targets.deny",
                                      "timeouts.connect"};
  EXPECT_EQ(nearest("listne", keys), "listen");
  EXPECT_EQ(nearest("origin", keys), "origins");
  EXPECT_EQ(nearest("target.allow", keys), "targets.allow");
  EXPECT_EQ(nearest("alow", keys), "targets.allow") << "the group forgotten";
  EXPECT_EQ(nearest("timeouts.conect", keys), "timeouts.connect");
}

TEST(Nearest, SaysNothingWhenNothingIsNear) {
  const std::vector<std::string> keys{"listen", "origins"};
  EXPECT_EQ(nearest("colour", keys), std::nullopt);
  EXPECT_EQ(nearest("", keys), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'l'), keys), std::nullopt);
  EXPECT_EQ(did_you_mean("colour", keys), "");
  EXPECT_EQ(did_you_mean("lisden", keys), " Did you mean listen?");
}

}  // namespace
}  // namespace sallyport::app
