// What Debian's own tester says of the algorithms we ask for: `ssh-audit -c` listens and grades
// whoever connects.
#include <gmock/gmock.h>

#include <fstream>
#include <future>
#include <set>
#include <sstream>

#include "support/gateway_fixture.h"
#include "support/server_process.h"

namespace sallyport::support {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

// proc_net_tcp(5): a row of ours whose state is LISTEN.
bool somebody_listens(unsigned port) {
  std::ostringstream wanted;
  wanted << ":" << std::uppercase << std::hex << port << " 00000000:0000 0A";
  std::ifstream table("/proc/net/tcp");
  for (std::string row; std::getline(table, row);) {
    if (row.find(wanted.str()) != std::string::npos) return true;
  }
  return false;
}

struct Grades {
  std::set<std::string> named;   // every algorithm it speaks of
  std::set<std::string> failed;  // those with a finding of the level "fail"
  std::set<std::string> warned;
};

// "(kex) ecdh-sha2-nistp256 -- [fail] using weak elliptic curves"
Grades read_grades(const std::string& report) {
  Grades grades;
  std::istringstream lines(report);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("(kex) ") && !line.starts_with("(key) ") && !line.starts_with("(enc) ") &&
        !line.starts_with("(mac) ")) {
      continue;
    }
    const std::string name = line.substr(6, line.find(' ', 6) - 6);
    grades.named.insert(name);
    if (line.find("[fail]") != std::string::npos) grades.failed.insert(name);
    if (line.find("[warn]") != std::string::npos) grades.warned.insert(name);
  }
  return grades;
}

class AlgorithmCheck : public GatewayTest {
 protected:
  AlgorithmCheck() : port_(free_port()) {
    settings().hosts = {{.name = "old",
                         .address = "127.0.0.1",
                         .port = port_,
                         .user = "ana",
                         .identity_file = {},
                         .legacy = true}};
    start();
  }
  Grades grades_of(const Json& open) {
    // Its exit status is its grade, and not asked for here. -b: each finding on a line of its own.
    auto report = std::async(std::launch::async, [port = std::to_string(port_)] {
      return run_program(
          {"/bin/sh", "-c", "ssh-audit -4 -c -b -n -p \"$1\" -t 30 || true", "audit", port});
    });
    EXPECT_TRUE(eventually([this] { return somebody_listens(port_); }));
    auto browser = connect();
    browser.send(open);
    browser.expect("error");  // it goes once it has seen what it came for
    const std::string text = report.get();
    const Grades grades = read_grades(text);
    EXPECT_THAT(grades.named, Contains("curve25519-sha256")) << text;
    return grades;
  }

  // The curves of NIST: the tester doubts where their constants come from. They stay, behind
  // curve25519 and ed25519, because hosts bound to FIPS 140 have nothing better.
  const std::set<std::string> nist_{"ecdh-sha2-nistp256",  "ecdh-sha2-nistp384",
                                    "ecdh-sha2-nistp521",  "ecdsa-sha2-nistp256",
                                    "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"};
  unsigned port_;
};

TEST_F(AlgorithmCheck, FindsNothingToFailInWhatIsAskedForByDefaultButTheCurvesOfNist) {
  const Grades grades = grades_of(open_frame(port_, password("x")));
  std::set<std::string> beyond;
  for (const std::string& name : grades.failed) {
    if (!nist_.contains(name)) beyond.insert(name);
  }
  EXPECT_THAT(beyond, IsEmpty());
  // MACs that are computed beside the encryption, for hosts without the other kind; names that the
  // tester's release does not know yet; P-256's signatures; groups of 2048 bits.
  for (const std::string& name : grades.warned) {
    EXPECT_TRUE(name == "hmac-sha2-256" || name == "hmac-sha2-512" ||
                name.starts_with("kex-strict-") || name.starts_with("ext-info-") ||
                name.starts_with("ecdsa-") || name.starts_with("ecdh-") ||
                name == "diffie-hellman-group14-sha256")
        << name;
  }
}

TEST_F(AlgorithmCheck, SeesWhatIsOldWhereItIsAllowed) {
  const Grades grades = grades_of(Json{
      {"type", "open"}, {"preset", "old"}, {"auth", password("x")}, {"cols", 80}, {"rows", 24}});
  EXPECT_THAT(grades.named,
              IsSupersetOf({"diffie-hellman-group14-sha1", "ssh-rsa", "aes128-cbc", "hmac-sha1"}));
  EXPECT_THAT(grades.failed, Contains("ssh-rsa"));
  for (const char* broken : {"ssh-dss", "3des-cbc", "arcfour", "diffie-hellman-group1-sha1"}) {
    EXPECT_FALSE(grades.named.contains(broken)) << broken;
  }
}

}  // namespace
}  // namespace sallyport::support
