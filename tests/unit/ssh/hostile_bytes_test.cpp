// A host that ends its stream, or changes a bit, at every byte of a session in turn: the pump comes
// to an end of its own, and nothing is printed that the host did not say.
#include <gtest/gtest.h>

#include "support/memory_session.h"

namespace sallyport::support {
namespace {

constexpr const char* kEchoed = "keys for the host";

std::size_t bytes_of_a_session() {
  RudeSshServer server;
  MemoryStream stream(server);
  EXPECT_EQ(live(stream), kEchoed);
  return stream.given();
}

TEST(HostileBytes, TheStreamEndsAtEachOfThem) {
  const std::size_t count = bytes_of_a_session();
  ASSERT_GT(count, 500U);
  for (std::size_t at = 0; at < count; ++at) {
    RudeSshServer server;
    MemoryStream stream(server);
    stream.ends_at = at;
    const std::string printed = live(stream);
    EXPECT_TRUE(printed.empty() || printed == kEchoed) << at;
    EXPECT_LE(stream.given(), at);
  }
}

TEST(HostileBytes, EachOfThemIsChanged) {
  const std::size_t count = bytes_of_a_session();
  for (std::size_t at = 0; at < count; ++at) {
    RudeSshServer server;
    MemoryStream stream(server);
    stream.changes_at = at;
    const std::string printed = live(stream);
    EXPECT_TRUE(printed.empty() || printed == kEchoed) << at;
  }
}

TEST(HostileBytes, NoBitOfTheKeyExchangeCanBeChangedUnseen) {
  // What is signed: the identification, both KEXINITs, the reply. The greeting before it is not.
  std::size_t signed_bytes = 0;
  {
    RudeSshServer server;
    server.start();
    signed_bytes = server.take_output().size();
  }
  for (std::size_t at = 8; at < signed_bytes - 16; ++at) {
    RudeSshServer server;
    MemoryStream stream(server);
    stream.changes_at = at;
    EXPECT_EQ(live(stream), "") << at;
  }
}

}  // namespace
}  // namespace sallyport::support
