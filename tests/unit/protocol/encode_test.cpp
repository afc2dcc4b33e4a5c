#include "protocol/encode.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

namespace sallyport::protocol {
namespace {

TEST(Encode, appends_and_keeps_what_was_there) {
  std::string out = "before ";
  encode(out, Accepted{1});
  encode(out, Accepted{std::numeric_limits<std::uint64_t>::max()});
  EXPECT_EQ(out,
            R"(before {"type":"accepted","seq":1}{"type":"accepted","seq":18446744073709551615})");
}

TEST(Encode, output_of_any_text_is_read_back_the_same) {
  std::string text;
  for (int round = 0; round < 500; ++round) {
    for (int code = 0; code < 0x80; ++code) text += static_cast<char>(code);
    text += "中文😀é";
  }
  std::string out;
  encode(out, Output{text.size(), text});
  const auto frame = nlohmann::json::parse(out);
  EXPECT_EQ(frame.at("data").get<std::string>(), text);
  EXPECT_EQ(frame.at("end").get<std::uint64_t>(), text.size());
}

TEST(Encode, escapes_every_text_a_host_can_choose) {
  const std::string hostile = "\"},\x1b]0;x\x07\\\n";
  std::string out;
  encode(out, HostKeyPrompt{1, hostile, 22, hostile, hostile});
  EXPECT_EQ(nlohmann::json::parse(out).at("algorithm"), hostile);
  out.clear();
  encode(out, QuestionsPrompt{1, hostile, hostile, {{hostile, false}}});
  EXPECT_EQ(nlohmann::json::parse(out).at("questions").at(0).at("text"), hostile);
  out.clear();
  const base::Secret token(hostile);
  encode(out, Opened{hostile,
                     &token,
                     &token,
                     hostile,
                     22,
                     hostile,
                     hostile,
                     {hostile, hostile, hostile, hostile, hostile, hostile}});
  EXPECT_EQ(nlohmann::json::parse(out).at("algorithms").at("mac_out"), hostile);
  out.clear();
  encode(out, Exited{0, hostile});
  EXPECT_EQ(nlohmann::json::parse(out).at("signal"), hostile);
  out.clear();
  encode(out, base::failure::handshake_failed(hostile, hostile));
  EXPECT_EQ(nlohmann::json::parse(out).at("params").at("reason"),
            hostile.substr(0, hostile.size() - 1));
}

TEST(Encode, leaves_out_what_an_error_does_not_have) {
  std::string out;
  encode(out, base::Failure{base::Stage::kRunning, "x", "X.", "", {}});
  EXPECT_EQ(out, R"({"type":"error","code":"x","stage":"running","message":"X."})");
}

}  // namespace
}  // namespace sallyport::protocol
