#include "ssh/new_password.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sallyport::ssh {
namespace {

// Somebody who types these pairs, one a round, and gives up after the last.
class Typist {
 public:
  explicit Typist(std::vector<std::pair<std::string, std::string>> pairs)
      : pairs_(std::move(pairs)) {}
  Answerer answerer() {
    return [this](const Challenge& challenge) -> Answers {
      instructions.push_back(challenge.instruction);
      if (next_ == pairs_.size()) return std::nullopt;
      std::vector<base::Secret> answers;
      answers.emplace_back(pairs_[next_].first);
      answers.emplace_back(pairs_[next_].second);
      ++next_;
      return answers;
    };
  }
  std::vector<std::string> instructions;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
  std::size_t next_ = 0;
};

TEST(NewPassword, IsWhatWasTypedTwice) {
  Typist typist({{"correct horse", "correct horse"}});
  const auto chosen = ask_new_password(typist.answerer());
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->reveal(), "correct horse");
  EXPECT_EQ(typist.instructions, std::vector<std::string>{"The password has expired."});
}

TEST(NewPassword, IsAskedAgainAfterASlip) {
  Typist typist({{"correct horse", "correct hrose"}, {"", ""}, {"correct horse", "correct horse"}});
  const auto chosen = ask_new_password(typist.answerer());
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->reveal(), "correct horse");
  ASSERT_EQ(typist.instructions.size(), 3U);
  EXPECT_EQ(typist.instructions[1], "The two were not the same. Please type them again.");
  EXPECT_EQ(typist.instructions[2], "The new password may not be empty.");
}

TEST(NewPassword, IsNoneAfterThreeSlips) {
  Typist typist({{"a", "b"}, {"a", "c"}, {"a", "d"}, {"a", "a"}});
  EXPECT_FALSE(ask_new_password(typist.answerer()));
}

TEST(NewPassword, IsNoneWhenTheLoginIsGivenUp) {
  Typist typist({});
  EXPECT_FALSE(ask_new_password(typist.answerer()));
}

}  // namespace
}  // namespace sallyport::ssh
