// Against the real Dropbear: the other server that many devices run, and one that takes real
// passwords.
#include <gtest/gtest.h>

#include "login_client.h"
#include "support/dropbear_server.h"

namespace sallyport::ssh {
namespace {

using support::DropbearServer;

std::string words(const std::optional<base::Failure>& failure) {
  return failure ? failure->message + " " + failure->hint : "signed in";
}

class Dropbear : public testing::Test {
 protected:
  DropbearServer server_;
  LoginClient client_{{server_.host(), server_.port(), server_.user()}};
};

TEST_F(Dropbear, LetsAKeyIn) {
  ASSERT_EQ(words(client_.log_in(key(server_.key().private_key))), "signed in");
  client_.request.size = {80, 24};
  client_.shell().resize(111, 33);
  client_.shell().write("stty size; exit 3\n");
  EXPECT_TRUE(client_.read_until_contains("33 111")) << client_.output;
  ASSERT_TRUE(client_.run_to_the_end());
  ASSERT_TRUE(client_.exit);
  EXPECT_EQ(client_.exit->status, 3);
}

TEST_F(Dropbear, LetsAPasswordIn) {
  ASSERT_EQ(words(client_.log_in(password(server_.password()))), "signed in") << server_.log();
  client_.shell().write("echo h''i\n");
  EXPECT_TRUE(client_.read_until_contains("hi\r\n"));
}

TEST_F(Dropbear, AWrongPasswordIsNotAccepted) {
  EXPECT_EQ(words(client_.log_in(password("wrong"))),
            words(base::failure::not_accepted("127.0.0.1", server_.user(),
                                              base::failure::Credential::kPassword,
                                              "publickey,password")));
}

TEST_F(Dropbear, AsksForAPasswordWhereNothingWasGiven) {
  client_.answers = {{server_.password()}};
  EXPECT_EQ(words(client_.log_in(interactive())), "signed in");
}

TEST_F(Dropbear, TwoMegabytesOfOutputAreWhole) {
  ASSERT_EQ(words(client_.log_in(key(server_.key().private_key))), "signed in");
  client_.shell().write("PS1=; stty -echo -onlcr; echo g''o; seq 1 300000; echo d''one\n");
  ASSERT_TRUE(client_.read_until_contains("\ndone\n"));
  std::string expected;
  for (int i = 1; i <= 300'000; ++i) expected += std::to_string(i) + "\n";
  EXPECT_NE(client_.output.find("go\n" + expected + "done\n"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::ssh
