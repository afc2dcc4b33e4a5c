#include "app/startup_checks.h"

#include <gmock/gmock.h>

#include "places.h"

namespace sallyport::app {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Put at the head of a file, where a top-level key may stand.
const std::string kTargets = "targets.allow = [\"10.0.0.0/8\"]\n";
// Put at its end.
const std::string kProxy = "[proxies]\ntrusted = [\"10.0.0.2\"]\n";
constexpr std::string_view kKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nbut not really\n";

std::string demo(const std::string& identity) {
  return "[[hosts]]\nname = \"demo\"\naddress = \"db-3\"\nuser = \"ana\"\nidentity_file = \"" +
         identity + "\"\n";
}

class StartupChecks : public testing::Test {
 protected:
  std::vector<std::string> check(const std::string& toml) {
    const Configuration configuration = configured(folder_, toml);
    EXPECT_THAT(lines(configuration.problems), IsEmpty());
    Problems problems = check_startup(configuration);
    error_ = any_error(problems);
    return lines(problems);
  }
  std::string at(unsigned line) const {
    return (folder_.path() / "t.toml").string() + ":" + std::to_string(line) + ": ";
  }

  Folder folder_;
  bool error_ = false;
};

TEST_F(StartupChecks, FindNothingInTheDefaults) { EXPECT_THAT(check(""), IsEmpty()); }

TEST_F(StartupChecks, AllowAnIdentityOnLoopback) {
  folder_.write("id", std::string(kKey));
  EXPECT_THAT(check("listen = \"[::1]:8022\"\n" + demo("id")), IsEmpty());
}

TEST_F(StartupChecks, RefuseAnIdentityThatOtherMachinesCouldUse) {
  folder_.write("id", std::string(kKey));
  for (const auto* listen : {"0.0.0.0:8022", "10.0.0.7:80", "[::]:8022"}) {
    const auto found = check(kTargets + "listen = \"" + std::string(listen) +
                             "\"\nproxies.trusted = [\"10.0.0.2\"]\norigins = "
                             "[\"https://ssh.example.org\"]\n" +
                             demo("id"));
    EXPECT_TRUE(error_);
    EXPECT_THAT(
        found,
        ElementsAre(at(9) + "host \"demo\" has an identity_file and other machines can reach " +
                    listen +
                    ", so whoever opens the page would be ana on db-3: write listen = "
                    "\"127.0.0.1:8022\", or remove the identity_file so that users log in "
                    "themselves"));
  }
}

TEST_F(StartupChecks, NameIdentityFilesThatCannotBeUsed) {
  const std::string path = (folder_.path() / "id").string();
  EXPECT_THAT(check(demo("id")), ElementsAre(at(5) + "identity_file " + path +
                                             " cannot be read: No such file or directory"));
  EXPECT_TRUE(error_);
  EXPECT_THAT(check(demo(folder_.path().string())), ElementsAre(EndsWith("is not a file")));
  folder_.write("id", std::string(kKey), 0644);
  EXPECT_THAT(check(demo("id")),
              ElementsAre(at(5) + "identity_file " + path +
                          " can be read by others (its mode is 0644): run chmod 600 " + path));
  folder_.write("id", "ssh-ed25519 AAAAC3Nza ana@laptop\n", 0600);
  EXPECT_THAT(
      check(demo("id")),
      ElementsAre(
          at(5) + "identity_file " + path +
          " is not a private key: name the file that begins with -----BEGIN, not its .pub"));
  folder_.write("id", "", 0600);
  EXPECT_THAT(check(demo("id")), ElementsAre(HasSubstr("is not a private key")));
}

TEST_F(StartupChecks, RefuseAListenerForOthersWithoutTlsOrAListedProxy) {
  for (const auto* listen : {"0.0.0.0:8022", "[::]:8022", "10.0.0.7:80", "0.0.0.0:0"}) {
    EXPECT_THAT(
        check(kTargets + "listen = \"" + listen + "\"\norigins = [\"https://ssh.example.org\"]\n"),
        ElementsAre(
            AllOf(StartsWith(at(2) + "other machines can reach " + listen + " and there is no TLS"),
                  HasSubstr("certificate_file and key_file under [tls]"),
                  HasSubstr("trusted = [\"10.0.0.7\"] under [proxies]"),
                  HasSubstr("listen = \"127.0.0.1:8022\""))));
    EXPECT_TRUE(error_);
  }
  for (const auto* listen : {"127.0.0.1:8022", "[::1]:8022", "unix:/run/sallyport/web.sock"}) {
    EXPECT_THAT(check("listen = \"" + std::string(listen) + "\"\n"), IsEmpty()) << listen;
  }
}

TEST_F(StartupChecks, RefuseAListenerForOthersWithoutARuleForTargets) {
  EXPECT_THAT(
      check("listen = \"0.0.0.0:8022\"\norigins = [\"https://ssh.example.org\"]\n" + kProxy),
      ElementsAre(AllOf(StartsWith("targets.allow: other machines can reach 0.0.0.0:8022 "
                                   "and targets.allow is empty"),
                        HasSubstr("write the networks that are meant, such as allow = "
                                  "[\"10.0.0.0/8\"] under [targets]"))));
  EXPECT_TRUE(error_);
  EXPECT_THAT(check("listen = \"0.0.0.0:8022\"\n"),
              ElementsAre(HasSubstr("there is no TLS"), HasSubstr("targets.allow is empty"),
                          HasSubstr("origins is empty")));
}

TEST_F(StartupChecks, WarnOfAnOpenListenerWithoutOrigins) {
  EXPECT_THAT(check(kTargets + "listen = \"0.0.0.0:8022\"\n" + kProxy),
              ElementsAre(AllOf(StartsWith(at(2) + "warning: 0.0.0.0:8022 is for a reverse proxy "
                                                   "and origins is empty"),
                                HasSubstr("Write origins = [\"https://...\"]"))));
  EXPECT_FALSE(error_) << "a warning starts";
  EXPECT_THAT(
      check(kTargets + "listen = \"0.0.0.0:8022\"\norigins = [\"https://ssh.example.org\"]\n" +
            kProxy),
      IsEmpty());
}

TEST_F(StartupChecks, RefuseACertificateThatCannotBeUsed) {
  EXPECT_THAT(check("tls.certificate_file = \"gate.pem\"\n"),
              ElementsAre(at(1) + "a certificate needs its private key: write key_file under [tls] "
                                  "too"));
  EXPECT_TRUE(error_);
  EXPECT_THAT(check("tls.key_file = \"gate.key\"\n"),
              ElementsAre(at(1) + "a private key needs its certificate: write certificate_file "
                                  "under [tls] too"));
  EXPECT_THAT(check("tls.certificate_file = \"gate.pem\"\ntls.key_file = \"gate.key\"\n"),
              ElementsAre(at(1) + "The file " + (folder_.path() / "gate.pem").string() +
                          " cannot be read: No such file or directory."));
  EXPECT_TRUE(error_);
}

TEST_F(StartupChecks, WarnOfAGatewayForOthersThatReachesEverything) {
  const auto all =
      "warning: targets.allow is empty: whoever opens the page may reach every host that "
      "this machine can. Write the networks that are meant, such "
      "as allow = [\"10.0.0.0/8\"] under [targets]";
  EXPECT_THAT(check("origins = [\"https://ssh.example.org\"]"),
              ElementsAre("targets.allow: " + std::string(all)));
  EXPECT_FALSE(error_);
  EXPECT_THAT(check("targets.allow = []\norigins = [\"https://ssh.example.org\"]"),
              ElementsAre(at(1) + all));
}

TEST_F(StartupChecks, WarnOfMetricsThatOtherMachinesCanRead) {
  EXPECT_THAT(check("[metrics]\nlisten = \"[::]:9122\"\n"),
              ElementsAre(AllOf(StartsWith(at(2) + "warning: [::]:9122 can be reached from other "
                                                   "machines, and /metrics tells whoever asks"),
                                HasSubstr("write listen = \"127.0.0.1:9122\" under [metrics]"))));
  EXPECT_FALSE(error_);
  EXPECT_THAT(check("[metrics]\nlisten = \"127.0.0.1:9122\"\n"), IsEmpty());
  EXPECT_THAT(check("[metrics]\nlisten = \"\"\n"), IsEmpty()) << "off";
}

TEST_F(StartupChecks, WarnOfPlainHttp) {
  EXPECT_THAT(
      check(kTargets + "origins = [\"http://ssh.example.org:8080\"]"),
      ElementsAre(at(2) +
                  "warning: the origin http://ssh.example.org:8080 is plain http: passwords "
                  "travel unprotected between browser and gateway"));
  EXPECT_THAT(
      check("origins = [\"http://localhost:9000\", \"http://127.0.0.1\", \"http://[::1]:1\"]"),
      IsEmpty());
}

TEST_F(StartupChecks, LookAtKnownHosts) {
  EXPECT_THAT(check("known_hosts = \".\""),
              ElementsAre(AllOf(StartsWith(at(1)), HasSubstr(" is a folder: name a file in it"))));
  EXPECT_TRUE(error_);
  EXPECT_THAT(check("host_keys = \"strict\"\nknown_hosts = \"kh\""),
              ElementsAre(AllOf(StartsWith(at(2) + "warning: "),
                                HasSubstr("so every host will be refused"))));
  folder_.write("kh", "");
  EXPECT_THAT(check("host_keys = \"strict\"\nknown_hosts = \"kh\""), IsEmpty());

  Sources homeless = nowhere();
  homeless.environment.clear();
  EXPECT_THAT(lines(check_startup(configure(homeless))),
              ElementsAre(HasSubstr("there is no place to keep host keys")));
}

TEST_F(StartupChecks, CompareSettingsThatDependOnEachOther) {
  EXPECT_THAT(
      check("[session]\nlog = \"64KiB\"\nwindow = \"128KiB\""),
      ElementsAre(at(2) + "session.log (64KiB) must be at least session.window (128KiB), because "
                          "output a page has not read lives in it"));
  EXPECT_TRUE(error_);
  EXPECT_THAT(check("[timeouts]\nping_interval = \"1m\""),
              ElementsAre("timeouts.silent_after: timeouts.silent_after (1m) must be longer than "
                          "timeouts.ping_interval (1m), or idle browsers are dropped unasked"));
}

}  // namespace
}  // namespace sallyport::app
