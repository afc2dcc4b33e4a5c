// A browser that breaks its WebSocket in the middle of a session, or floods it: it loses its own
// connection at most, and another session of the same thread echoes before, during and after.
#include <gtest/gtest.h>

#include "support/gateway_fixture.h"
#include "support/hostile_host.h"

namespace sallyport::support {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kContinuation = 0, kText = 1, kClose = 8, kPing = 9, kPong = 10;

std::string frame(unsigned opcode, bool fin, std::string_view payload) {
  return WebSocketClient::frame_bytes(opcode, fin, payload);
}
std::string times(int count, const std::string& bytes) {
  std::string out;
  for (int i = 0; i < count; ++i) out += bytes;
  return out;
}

struct Case {
  const char* name;
  std::string bytes;
  bool ends;  // the connection; else it goes on
};

class HostileBrowser : public GatewayTest, public ::testing::WithParamInterface<Case> {
 protected:
  HostileBrowser() { settings().threads = 1; }
  static void echo(WebSocketClient& browser, const std::string& word) {
    browser.type(word);
    browser.expect_output(word);
  }
};

TEST_P(HostileBrowser, LosesItsOwnConnectionAtMost) {
  start();
  HostileHost host;
  auto neighbour = open(open_frame(host.port(), password("x")));
  auto browser = open(open_frame(host.port(), password("x")));
  echo(neighbour, "before;");
  echo(browser, "hers;");
  const auto held = Holdings::now();
  browser.send_raw(GetParam().bytes);
  echo(neighbour, "during;");
  if (GetParam().ends) {
    browser.close_code();
  } else {
    echo(browser, "after;");
    browser.hang_up();
  }
  expect_memory_near(held);
  echo(neighbour, "at last;");
  neighbour.hang_up();
}

INSTANTIATE_TEST_SUITE_P(
    EachAct, HostileBrowser,
    ::testing::Values(
        Case{"a_close_of_one_byte", frame(kClose, true, "x"), true},
        Case{"a_close_with_a_code_that_is_none", frame(kClose, true, {"\x03\xe7", 2}), true},
        Case{"a_close_with_the_code_of_no_code", frame(kClose, true, {"\x03\xed", 2}), true},
        Case{"a_close_whose_reason_is_no_text", frame(kClose, true, {"\x03\xe8\xff\xfe", 4}), true},
        Case{"a_close_of_126_bytes", frame(kClose, true, std::string(126, '\3')), true},
        Case{"a_close_in_two_fragments", frame(kClose, false, {"\x03\xe8", 2}), true},
        Case{"a_message_inside_a_message",
             frame(kText, false, "{\"type\":") + frame(kText, true, "{}"), true},
        Case{"a_continuation_of_nothing", frame(kContinuation, true, "x"), true},
        Case{"a_fragment_that_is_no_text", frame(kText, false, "{\"\xff"), true},
        Case{"a_message_beyond_its_limit_in_fragments",
             frame(kText, false, "") +
                 times(70, frame(kContinuation, false, std::string(16'384, ' '))),
             true},
        Case{"nothing_in_a_message", frame(kText, true, ""), true},
        Case{"100_000_opening_brackets", frame(kText, true, std::string(100'000, '[')), true},
        Case{"a_number_without_end",
             frame(kText, true, "{\"type\":\"ack\",\"end\":" + std::string(100'000, '9') + "}"),
             true},
        Case{"a_size_of_nothing", frame(kText, true, R"({"type":"resize","cols":0,"rows":0})"),
             true},
        Case{"input_out_of_order", frame(kText, true, R"({"type":"input","seq":99,"data":"x"})"),
             true},
        Case{"output_that_never_was_is_acknowledged",
             frame(kText, true, R"({"type":"ack","end":9007199254740991})"), true},
        Case{"pings", times(5'000, frame(kPing, true, std::string(125, 'p'))), false},
        Case{"pongs_nobody_asked_for", times(5'000, frame(kPong, true, std::string(125, 'p'))),
             false},
        Case{"sizes", times(5'000, frame(kText, true, R"({"type":"resize","cols":99,"rows":9})")),
             false},
        Case{"empty_fragments",
             frame(kText, false, "{\"type\":\"ack\",") +
                 times(10'000, frame(kContinuation, false, "")) +
                 frame(kContinuation, true, "\"end\":0}"),
             false}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sallyport::support
