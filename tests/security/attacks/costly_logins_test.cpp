// A user whose key takes seconds to open. The others on the same thread must not notice.
#include "support/gateway_fixture.h"
#include "support/scripted_ssh_server.h"

namespace sallyport::support {
namespace {

class CostlyLogins : public GatewayTest {
 protected:
  Script takes_keys() {
    Script script;
    script.offers_publickey = true;
    return script;
  }
};

TEST_F(CostlyLogins, AKeyIsOpenedWhereNobodyElseWaits) {
  settings().threads = 1;
  settings().authenticate_timeout = kPatience;
  start();
  ScriptedSshServer host(takes_keys());
  const TemporaryFolder folder;
  const auto pair = folder.path() / "key";
  run_program(
      {"ssh-keygen", "-q", "-t", "ed25519", "-a", "60", "-N", "secret", "-f", pair.string()});

  auto slow = connect();
  slow.send(open_frame(
      host.port(), {{"method", "publickey"}, {"key", read_file(pair)}, {"passphrase", "secret"}}));
  slow.wait_until([&] { return !slow.stages().empty() && slow.stages().back() == "authenticate"; },
                  "the login to reach the key");

  // Whole logins of somebody else go by meanwhile.
  int others = 0;
  while (slow.stages().back() == "authenticate" && others < 1000) {
    open(open_frame(host.port(), password("right horse"))).hang_up();
    ++others;
    slow.read_for(std::chrono::milliseconds(1));
  }
  slow.expect("opened");
  EXPECT_GT(others, 2);
}

}  // namespace
}  // namespace sallyport::support
