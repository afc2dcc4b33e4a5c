// Frames whose headers say that they are longer than any memory (RFC 6455, section 5.2: up to
// 2^63). The program would end with the test.
#include <array>
#include <cstdint>

#include "support/gateway_fixture.h"

namespace sallyport::support {
namespace {

// The header of a text frame that claims `length`, masked with zeros.
std::string header_claiming(std::uint64_t length) {
  std::string header{"\x81\xff", 2};
  for (int shift = 56; shift >= 0; shift -= 8) header += static_cast<char>(length >> shift & 0xff);
  return header + std::string(4, '\0');
}

constexpr std::array<std::uint64_t, 4> kLengths{std::uint64_t{1} << 33, std::uint64_t{1} << 48,
                                                std::uint64_t{1} << 62,
                                                (std::uint64_t{1} << 63) - 1};

class GiantFrames : public GatewayTest {};

TEST_F(GiantFrames, BeforeSignInCostOneConnection) {
  start();
  const auto before = Holdings::now();
  for (const std::uint64_t length : kLengths) {
    auto attacker = connect();
    attacker.send_raw(header_claiming(length) + std::string(100'000, 'x'));
    EXPECT_EQ(attacker.expect("error").at("code"), "bad-frame") << length;
  }
  connect().close();
  expect_memory_near(before);
}

}  // namespace
}  // namespace sallyport::support
