#include "protocol/decode.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cstdlib>
#include <new>
#include <random>

namespace {
std::size_t largest_allocation = 0;  // bytes, since it was last set to 0
}

void* operator new(std::size_t size) {
  largest_allocation = std::max(largest_allocation, size);
  if (void* bytes = std::malloc(size)) return bytes;
  throw std::bad_alloc();
}
// The library's own would come from elsewhere, and AddressSanitizer wants one family on both ends.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  largest_allocation = std::max(largest_allocation, size);
  return std::malloc(size);
}
void operator delete(void* bytes) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }

namespace sallyport::protocol {
namespace {

std::string reason(std::string_view text) {
  const auto frame = decode(text);
  return frame ? "(taken)" : frame.error();
}

std::string open_with(std::string_view fields) {
  return R"({"type":"open","host":"h","username":"u","auth":{"method":"interactive"},"cols":80,"rows":24,)" +
         std::string(fields) + "}";
}

TEST(Decode, fills_in_what_open_may_leave_out) {
  const auto frame = decode(
      R"({"type":"open","host":"h","username":"u","auth":{"method":"password","password":"p"},"cols":1,"rows":2})");
  ASSERT_TRUE(frame.has_value()) << frame.error();
  const auto& open = std::get<Open>(*frame);
  EXPECT_EQ(open.port, 22U);
  EXPECT_EQ(open.term, "xterm-256color");
  EXPECT_EQ(open.encoding, "utf-8");
  EXPECT_TRUE(open.env.empty());
  EXPECT_EQ(open.size, (Size{1, 2}));
  EXPECT_TRUE(open.preset.empty());
}

TEST(Decode, passes_over_fields_it_does_not_know) {
  EXPECT_EQ(reason(R"({"type":"close","later":{"a":[1,{"b":2}]},"":null,"later":1})"), "(taken)");
  const std::string long_name(10'000, 'n');
  EXPECT_EQ(reason(R"({")" + long_name + R"(":1,"type":"close"})"), "(taken)");
  EXPECT_EQ(reason(R"({"\n)" + long_name + R"(":1,"type":"close"})"), "(taken)");
}

TEST(Decode, does_not_mind_the_order_of_fields_nor_escaped_names) {
  const auto frame = decode(R"( { "data" : "x" , "s\u0065q" : 7 , "t\u0079pe" : "inp\u0075t" } )");
  ASSERT_TRUE(frame.has_value()) << frame.error();
  EXPECT_EQ(std::get<Input>(*frame).seq, 7U);
  EXPECT_EQ(std::get<Input>(*frame).data, "x");
}

TEST(Decode, takes_names_and_secrets_of_just_the_longest_length) {
  EXPECT_EQ(reason(R"({"type":"open","host":")" + std::string(255, 'h') + R"(","username":")" +
                   std::string(255, 'u') + R"(","auth":{"method":"password","password":")" +
                   std::string(4096, 'p') + R"("},"cols":80,"rows":24,"term":")" +
                   std::string(64, 't') + R"("})"),
            "(taken)");
  const auto key = [](std::size_t length) {
    return R"({"type":"open","host":"h","username":"u","cols":80,"rows":24,"auth":{"method":"publickey","key":")" +
           std::string(length, 'k') + R"("}})";
  };
  EXPECT_EQ(reason(key(32 * 1024)), "(taken)");
  EXPECT_EQ(reason(key(32 * 1024 + 1)), "open: auth: key must be at most 32768 bytes");
  EXPECT_EQ(reason(open_with(R"("term":")" + std::string(65, 't') + "\"")),
            "open: term must be at most 64 bytes");
}

TEST(Decode, measures_lengths_after_unescaping) {
  std::string host;
  for (int i = 0; i < 255; ++i) host += "\\u0068";
  const auto frame =
      decode(R"({"type":"open","host":")" + host +
             R"(","username":"u","auth":{"method":"interactive"},"cols":80,"rows":24})");
  ASSERT_TRUE(frame.has_value()) << frame.error();
  EXPECT_EQ(std::get<Open>(*frame).host, std::string(255, 'h'));
}

TEST(Decode, takes_32_variables_of_sensible_names_only) {
  const auto env = [](int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += (i ? ",\"V" : "\"V") + std::to_string(i) + "\":\"x\"";
    return R"("env":{)" + out + "}";
  };
  EXPECT_EQ(reason(open_with(env(32))), "(taken)");
  EXPECT_EQ(reason(open_with(env(33))), "open: env has more than 32 entries");
  for (const char* name : {"", "1A", "A-B", "A=B", "A B", "é", "\\u0041", "A\\n"}) {
    EXPECT_EQ(reason(open_with(R"("env":{")" + std::string(name) + R"(":"x"})")),
              "open: env has a name that is not [A-Za-z_][A-Za-z0-9_]*")
        << name;
  }
  EXPECT_EQ(reason(open_with(R"("env":{"A":"x","A":"y"})")), "open: env has a name twice");
  EXPECT_EQ(reason(open_with(R"("env":{"A":"x\u0000y"})")),
            "open: env has a value with U+0000 in it");
  EXPECT_EQ(reason(open_with(R"("env":{"A":")" + std::string(4097, 'x') + R"("})")),
            "open: env has a value of more than 4096 bytes");
}

TEST(Decode, takes_up_to_64_answers_of_4096_bytes) {
  const auto answers = [](int count, std::size_t length) {
    std::string out;
    for (int i = 0; i < count; ++i) out += (i ? ",\"" : "\"") + std::string(length, 'a') + "\"";
    return R"({"type":"answer","prompt":1,"values":[)" + out + "]}";
  };
  EXPECT_EQ(reason(answers(64, 1)), "(taken)");
  EXPECT_EQ(reason(answers(65, 1)), "answer: values has more than 64 entries");
  EXPECT_EQ(reason(answers(1, 4096)), "(taken)");
  EXPECT_EQ(reason(answers(1, 4097)), "answer: values has an entry of more than 4096 bytes");
}

TEST(Decode, lets_a_preset_name_its_user_and_credentials) {
  const auto frame = decode(
      R"({"type":"open","preset":"demo","username":"ana","auth":{"method":"interactive"},"cols":80,"rows":24})");
  ASSERT_TRUE(frame.has_value()) << frame.error();
  EXPECT_EQ(std::get<Open>(*frame).preset, "demo");
  EXPECT_EQ(std::get<Open>(*frame).username, "ana");
  EXPECT_TRUE(std::holds_alternative<InteractiveAuth>(std::get<Open>(*frame).auth));
}

TEST(Decode, never_repeats_a_value_in_its_reason) {
  for (
      const char* frame : {
          R"({"type":"hunter2"})",
          R"({"type":"hunter2",)",
          R"({"type":"open","host":{"hunter2":"hunter2"}})",
          R"({"type":"open","host":"h","username":"u","auth":["hunter2"]})",
          R"({"type":"open","host":"h","username":"u","auth":{"method":"publickey","key":"k","passphrase":{"x":"hunter2"}}})",
          R"({"type":"attach","session":"s","token":["hunter2"]})",
          R"({"type":"answer","prompt":"hunter2"})",
          R"({"type":"answer","prompt":1,"values":"hunter2"})",
          R"({"type":"answer","prompt":1,"values":["hunter2",1]})",
      }) {
    EXPECT_NE(reason(frame), "(taken)") << frame;
    EXPECT_EQ(reason(frame).find("hunter2"), std::string::npos) << reason(frame);
  }
}

TEST(Decode, takes_a_paste_as_long_as_a_frame_may_be) {
  const std::string paste(kFrameLimit - 100, 'x');
  const auto frame = decode(R"({"type":"input","seq":1,"data":")" + paste + R"("})");
  ASSERT_TRUE(frame.has_value()) << frame.error();
  EXPECT_EQ(std::get<Input>(*frame).data, paste);
}

TEST(Decode, of_hostile_frames_takes_no_memory_in_proportion) {
  const std::string brackets(1024 * 1024, '[');
  const std::string field = R"({"type":"open","host":")" + std::string(10'000'000, 'h') + R"("})";
  const std::string key =
      R"({"type":"open","host":"h","username":"u","auth":{"method":"publickey","key":")" +
      std::string(10'000'000, 'k') + R"("}})";
  std::string members = R"({"type":"close")";
  for (int i = 0; i < 100'000; ++i) members += ",\"x\":0";
  members += "}";
  largest_allocation = 0;
  EXPECT_EQ(reason(brackets), "the frame is not valid JSON");
  EXPECT_EQ(reason(field), "open: host must be at most 255 bytes");
  EXPECT_EQ(reason(key), "open: auth: key must be at most 32768 bytes");
  EXPECT_EQ(reason(members), "(taken)");
  EXPECT_LT(largest_allocation, 1024U);
}

TEST(Decode, answers_random_bytes_with_a_reason) {
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 64, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    ASSERT_NE(reason(bytes), "");
    ASSERT_NE(reason(R"({"type":")" + bytes), "(taken)");
  }
}

}  // namespace
}  // namespace sallyport::protocol
