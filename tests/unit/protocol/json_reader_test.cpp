#include "protocol/json_reader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace sallyport::protocol {
namespace {

using Kind = JsonValue::Kind;

std::string unescaped(std::string_view escaped) {
  std::string out;
  EXPECT_TRUE(append_unescaped(out, escaped));
  return out;
}

TEST(JsonReader, takes_what_rfc_8259_allows) {
  for (const char* text :
       {"{}", "[]", " [ ] ", "null", "true", "false", "0", "-0", "-1.5e+10", "1E-2", "\"\"",
        "{\"a\":{\"b\":[1,{\"c\":2}]}}", "\t\r\n{\"a\" : 1 , \"b\" : [ 1 , 2 ] }\n",
        R"("\"\\\/\b\f\n\r\t\u0000\uFFFF\ud83d\ude00")"}) {
    EXPECT_TRUE(JsonReader::parse(text).has_value()) << text;
    EXPECT_TRUE(nlohmann::json::accept(text)) << text;
  }
}

TEST(JsonReader, refuses_what_it_does_not) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[",
                           "]",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":1 \"b\":2}",
                           "{1:2}",
                           "nul",
                           "nulll",
                           "True",
                           "+1",
                           "01",
                           "-",
                           ".5",
                           "1.",
                           "1e",
                           "1e+",
                           "0x10",
                           "NaN",
                           "\"",
                           "\"a",
                           "\"\\\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\ud800\"",
                           "\"\t\"",
                           "\"\xff\"",
                           "\"\xed\xa0\x80\"",
                           "1 2",
                           "{}{}",
                           "[]]",
                           "\xEF\xBB\xBF{}",
                           "//\n{}"}) {
    EXPECT_FALSE(JsonReader::parse(text).has_value()) << text;
  }
}

TEST(JsonReader, refuses_nesting_beyond_its_depth) {
  EXPECT_TRUE(JsonReader::parse("[[[[]]]]").has_value());
  EXPECT_FALSE(JsonReader::parse("[[[[[]]]]]").has_value());
  EXPECT_TRUE(JsonReader::parse(R"({"a":{"a":{"a":{"a":1}}}})").has_value());
  EXPECT_FALSE(JsonReader::parse(R"({"a":{"a":{"a":{"a":{}}}}})").has_value());
  EXPECT_FALSE(JsonReader::parse(std::string(1024 * 1024, '[')).has_value());
}

TEST(JsonReader, walks_the_members_of_an_object_in_order) {
  const auto object =
      JsonReader::parse(R"( { "a" : "x\n" , "b":[1,[2]],"c":{"d":null}, "e":-1.5 } )");
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(object->kind, Kind::kObject);
  std::vector<std::pair<std::string, std::string>> members;
  JsonReader reader = JsonReader::inside(*object);
  std::string_view key;
  JsonValue value;
  while (reader.member(key, value)) members.emplace_back(key, value.text);
  EXPECT_EQ(members, (std::vector<std::pair<std::string, std::string>>{
                         {"a", "x\\n"}, {"b", "[1,[2]]"}, {"c", "{\"d\":null}"}, {"e", "-1.5"}}));
}

TEST(JsonReader, walks_the_elements_of_an_array_in_order) {
  const auto array = JsonReader::parse(R"([ "x" ,true,false , null,[ ], 7])");
  ASSERT_TRUE(array.has_value());
  std::vector<Kind> kinds;
  JsonReader reader = JsonReader::inside(*array);
  JsonValue value;
  while (reader.element(value)) kinds.push_back(value.kind);
  EXPECT_EQ(kinds, (std::vector<Kind>{Kind::kString, Kind::kTrue, Kind::kFalse, Kind::kNull,
                                      Kind::kArray, Kind::kNumber}));
}

TEST(JsonReader, finds_nothing_in_an_empty_container) {
  for (const char* text : {"{}", "[ ]"}) {
    JsonReader members = JsonReader::inside(*JsonReader::parse(text));
    std::string_view key;
    JsonValue value;
    EXPECT_FALSE(members.member(key, value));
    JsonReader elements = JsonReader::inside(*JsonReader::parse(text));
    EXPECT_FALSE(elements.element(value));
  }
}

TEST(JsonReader, unescapes_as_a_json_library_does) {
  for (const char* text :
       {R"()", R"(plain)", R"(\"\\\/\b\f\n\r\t)", R"(\u0041\u00e9\u4e2d\ud83d\ude00)",
        R"(é中😀\u0000end)", R"(\uD83D\uDE00\uffff)"}) {
    const std::string quoted = "\"" + std::string(text) + "\"";
    ASSERT_TRUE(JsonReader::parse(quoted).has_value());
    EXPECT_EQ(unescaped(text), nlohmann::json::parse(quoted).get<std::string>()) << text;
  }
}

TEST(JsonReader, never_unescapes_to_more_than_it_was_given) {
  for (const char* text : {R"(\u0041)", R"(\uffff)", R"(\ud83d\ude00)", R"(\n)"}) {
    EXPECT_LE(unescaped(text).size(), std::string_view(text).size());
  }
}

// The same verdict as nlohmann_json on texts that are nearly JSON, but for depth, which is bounded
// here.
TEST(JsonReader, judges_mutated_json_as_a_json_library_does) {
  const std::string_view seeds[] = {
      R"({"type":"input","seq":12,"data":"a\u00e9\ud83d\ude00\n"})",
      R"({"type":"open","env":{"A":"b"},"auth":{"method":"password","password":"p"}})",
      R"([1,-2.5e3,true,false,null,"x",{},[]])"};
  constexpr std::string_view bytes = "{}[]\",:\\/u0d8cnrtfalse-+.eE19 \n\t\x01\x80\xC3\xA9\xFF";
  std::mt19937 random(7);
  int accepted = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text(seeds[random() % std::size(seeds)]);
    for (auto edits = 1 + random() % 3; edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      const char byte = bytes[random() % bytes.size()];
      switch (random() % 3) {
        case 0:
          text[at] = byte;
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        default:
          text.erase(at, 1);
          break;
      }
    }
    const bool theirs = nlohmann::json::accept(text);
    ASSERT_EQ(JsonReader::parse(text).has_value(), theirs) << text;
    accepted += theirs;
  }
  EXPECT_GT(accepted, 5'000);  // the comparison sees both verdicts
}

}  // namespace
}  // namespace sallyport::protocol
