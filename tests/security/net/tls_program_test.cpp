// The program itself, as an administrator runs it with a certificate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "support/gateway_fixture.h"
#include "support/server_process.h"
#include "support/throwaway_certificate.h"
#include "support/tls_client.h"

namespace sallyport::support {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(TlsProgram, TakesANewCertificateOnSighupAndItsHealthCheckSpeaksHttps) {
  const TemporaryFolder folder;
  const net::TlsFiles files = make_certificate_files(folder.path(), "gate");
  const unsigned port = free_port();
  const std::string config = folder.path() / "sallyport.toml";
  // Relative names are beside the file.
  write_file(config, "listen = \"127.0.0.1:" + std::to_string(port) +
                         "\"\nknown_hosts = \"known_hosts\"\n[tls]\ncertificate_file = \"gate.pem\""
                         "\nkey_file = \"gate.key\"\n");
  ServerProcess program({SALLYPORT_PROGRAM, "serve", "--config", config}, "tls.certificate");
  const auto subject = [port]() -> std::string {
    try {
      return TlsClient(port).subject();
    } catch (const std::runtime_error&) {
      return "";  // it does not listen yet
    }
  };
  EXPECT_TRUE(eventually([&] { return subject() == "gate.example"; })) << program.said();
  EXPECT_EQ(run_program({SALLYPORT_PROGRAM, "health", "--config", config}), "ok\n");

  write_certificate(files, {.name = "renewed.example"});
  ::kill(program.pid(), SIGHUP);
  EXPECT_TRUE(eventually([&] { return subject() == "renewed.example"; })) << program.said();
  EXPECT_THAT(program.said(), HasSubstr("gateway.reload signal=1"));
  EXPECT_THAT(program.said(), Not(HasSubstr("tls.certificate_refused")));
}

}  // namespace
}  // namespace sallyport::support
