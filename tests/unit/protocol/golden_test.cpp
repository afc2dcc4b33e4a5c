// tests/golden/frames.json, which the page's tests read too.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>

#include "protocol/decode.h"
#include "protocol/encode.h"

namespace sallyport::protocol {
namespace {

using nlohmann::json;

json golden(const char* part) {
  std::ifstream in(SALLYPORT_GOLDEN "/frames.json");
  return json::parse(in).at(part);
}

// A decoded frame as the fields of its golden one.
struct Fields {
  json operator()(const Open& open) const {
    json out{{"type", "open"},
             {"cols", open.size.cols},
             {"rows", open.size.rows},
             {"term", open.term},
             {"encoding", open.encoding}};
    if (open.preset.empty()) {
      out["host"] = open.host;
      out["port"] = open.port;
      out["username"] = open.username;
    } else {
      out["preset"] = open.preset;
    }
    if (const auto* password = std::get_if<PasswordAuth>(&open.auth)) {
      out["auth"] = {{"method", "password"}, {"password", password->password.reveal()}};
    } else if (const auto* key = std::get_if<PublicKeyAuth>(&open.auth)) {
      out["auth"] = {{"method", "publickey"}, {"key", key->key.reveal()}};
      if (!key->passphrase.empty()) out["auth"]["passphrase"] = key->passphrase.reveal();
      if (!key->certificate.empty()) out["auth"]["certificate"] = key->certificate;
    } else if (std::holds_alternative<InteractiveAuth>(open.auth)) {
      out["auth"] = {{"method", "interactive"}};
    }
    out["env"] = json::object();
    for (const auto& [name, value] : open.env) out["env"][name] = value;
    if (!open.client.empty()) out["client"] = open.client;
    return out;
  }
  json operator()(const Attach& attach) const {
    json out{{"type", "attach"},
             {"session", attach.session},
             {"token", attach.token.reveal()},
             {"received", attach.received},
             {"cols", attach.size.cols},
             {"rows", attach.size.rows}};
    if (attach.watch) out["watch"] = true;
    if (!attach.client.empty()) out["client"] = attach.client;
    if (!attach.take) out["take"] = false;
    return out;
  }
  json operator()(const List& list) const {
    json out{{"type", "list"}, {"sessions", json::array()}};
    for (const auto& [session, token] : list.sessions) {
      out["sessions"].push_back({{"session", session}, {"token", token.reveal()}});
    }
    return out;
  }
  json operator()(const Ping& ping) const { return {{"type", "ping"}, {"id", ping.id}}; }
  json operator()(const Input& input) const {
    return {{"type", "input"}, {"seq", input.seq}, {"data", input.data}};
  }
  json operator()(const Resize& resize) const {
    return {{"type", "resize"}, {"cols", resize.size.cols}, {"rows", resize.size.rows}};
  }
  json operator()(const Ack& ack) const { return {{"type", "ack"}, {"end", ack.end}}; }
  json operator()(const Answer& answer) const {
    json out{{"type", "answer"}, {"prompt", answer.prompt}};
    if (answer.accept) out["accept"] = *answer.accept;
    if (answer.values) {
      out["values"] = json::array();
      for (const base::Secret& value : *answer.values) out["values"].push_back(value.reveal());
    }
    return out;
  }
  json operator()(const Close&) const { return {{"type", "close"}}; }
};

base::Stage stage_named(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(base::Stage::kRunning); ++i) {
    const auto stage = static_cast<base::Stage>(i);
    if (base::name(stage) == name) return stage;
  }
  ADD_FAILURE() << "no stage " << name;
  return base::Stage::kRunning;
}

Algorithms algorithms_of(const json& fields) {
  const json& names = fields.at("algorithms");
  const bool legacy = fields.value("legacy", false);
  const auto name = [&](const char* field) { return names.at(field).get<std::string>(); };
  return {name("kex"),     name("hostkey"), name("cipher_in"), name("cipher_out"), name("mac_in"),
          name("mac_out"), legacy};
}

std::string encoded(const json& fields) {
  const auto text = [&](const char* name) { return fields.at(name).get<std::string>(); };
  const auto number = [&](const char* name) { return fields.at(name).get<std::uint64_t>(); };
  const std::string type = text("type");
  std::string out;
  if (type == "progress") {
    encode(out, Progress{stage_named(text("stage"))});
  } else if (type == "prompt" && text("kind") == "hostkey") {
    encode(out, HostKeyPrompt{number("id"), text("host"), fields.at("port").get<unsigned>(),
                              text("algorithm"), text("fingerprint")});
  } else if (type == "prompt") {
    QuestionsPrompt prompt{number("id"), text("name"), text("instruction"), {}};
    for (const json& question : fields.at("questions")) {
      prompt.questions.push_back(
          {question.at("text").get<std::string>(), question.at("echo").get<bool>()});
    }
    encode(out, prompt);
  } else if (type == "opened") {
    const base::Secret token(text("token"));
    const base::Secret watch(fields.value("watch", ""));
    encode(out, Opened{text("session"), &token, watch.empty() ? nullptr : &watch, text("host"),
                       fields.at("port").get<unsigned>(), text("username"), text("banner"),
                       algorithms_of(fields)});
  } else if (type == "attached") {
    encode(out, Attached{number("input"),
                         fields.at("yours").get<bool>(),
                         number("start"),
                         number("end"),
                         {fields.at("cols").get<unsigned>(), fields.at("rows").get<unsigned>()},
                         text("host"),
                         fields.at("port").get<unsigned>(),
                         text("username"),
                         algorithms_of(fields)});
  } else if (type == "size") {
    encode(out, Resized{{fields.at("cols").get<unsigned>(), fields.at("rows").get<unsigned>()}});
  } else if (type == "pong") {
    Pong pong{number("id"), {}};
    if (fields.contains("host")) {
      pong.host = std::chrono::microseconds(std::lround(fields.at("host").get<double>() * 1000));
    }
    encode(out, pong);
  } else if (type == "sessions") {
    Sessions sessions;
    for (const json& one : fields.at("sessions")) {
      sessions.sessions.push_back(
          {one.at("session").get<std::string>(), one.at("host").get<std::string>(),
           one.at("port").get<unsigned>(), one.at("username").get<std::string>(),
           one.at("attached").get<bool>(), one.at("seconds").get<std::uint64_t>()});
    }
    encode(out, sessions);
  } else if (type == "output") {
    const std::string data = text("data");
    encode(out, Output{number("end"), data});
  } else if (type == "accepted") {
    encode(out, Accepted{number("seq")});
  } else if (type == "exited") {
    encode(out, Exited{fields.value("status", 0), fields.value("signal", "")});
  } else if (type == "error") {
    base::Failure failure{
        stage_named(text("stage")), text("code"), text("message"), text("hint"), {}};
    if (fields.contains("params")) {
      for (const auto& [name, value] : fields.at("params").items()) {
        failure.params.emplace_back(name, value.get<std::string>());
      }
    }
    encode(out, failure);
  }
  return out;
}

TEST(GoldenFrames, of_the_client_are_read_as_their_fields) {
  const json frames = golden("client");
  EXPECT_GE(frames.size(), 20U);
  for (const json& one : frames) {
    const auto frame = decode(one.at("frame").get<std::string>());
    ASSERT_TRUE(frame.has_value()) << one.at("name") << ": " << frame.error();
    EXPECT_EQ(std::visit(Fields{}, *frame), one.at("fields")) << one.at("name");
  }
}

TEST(GoldenFrames, that_are_bad_are_refused_for_their_reason) {
  const json frames = golden("client_bad");
  EXPECT_GE(frames.size(), 50U);
  for (const json& one : frames) {
    const auto frame = decode(one.at("frame").get<std::string>());
    ASSERT_FALSE(frame.has_value()) << one.at("name");
    EXPECT_EQ(frame.error(), one.at("reason").get<std::string>()) << one.at("name");
    EXPECT_EQ(frame.error().find("hunter2"), std::string::npos) << one.at("name");
  }
}

TEST(GoldenFrames, of_the_server_are_written_to_the_byte) {
  const json frames = golden("server");
  EXPECT_GE(frames.size(), 20U);
  for (const json& one : frames) {
    EXPECT_EQ(encoded(one.at("fields")), one.at("frame").get<std::string>()) << one.at("name");
  }
}

TEST(GoldenFrames, cut_anywhere_are_refused_and_never_half_read) {
  for (const json& one : golden("client")) {
    const std::string frame = one.at("frame").get<std::string>();
    for (std::size_t length = 0; length < frame.size(); ++length) {
      ASSERT_FALSE(decode(std::string_view(frame).substr(0, length)).has_value())
          << one.at("name") << " cut at " << length;
    }
  }
}

}  // namespace
}  // namespace sallyport::protocol
