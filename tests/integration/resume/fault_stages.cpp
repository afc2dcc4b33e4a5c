#include "fault_stages.h"

#include <stdexcept>
#include <utility>

namespace sallyport::support {
namespace {

using Json = WebSocketClient::Json;
using Connect = BrowserStage::Connect;
using Stage = Script::Stage;

constexpr std::pair<Stage, const char*> kLogin[] = {
    {Stage::kAccept, "accept"},
    {Stage::kIdentification, "identification"},
    {Stage::kKeyExchange, "key exchange"},
    {Stage::kAuth, "sign-in"},
    {Stage::kPrompt, "question"},
    {Stage::kChannel, "channel"},
    {Stage::kPty, "terminal"},
    {Stage::kShell, "shell"},
};

Script asks() {
  Script script;
  script.offers_password = false;
  script.offers_interactive = true;
  script.rounds = {{"", "", {{"Code: ", true, "1"}}}};
  return script;
}

Json open_frame(unsigned port) {
  return {{"type", "open"},
          {"host", "127.0.0.1"},
          {"port", port},
          {"username", "ana"},
          {"auth", {{"method", "password"}, {"password", "right horse"}}},
          {"cols", 80},
          {"rows", 24}};
}

Json attach_frame(const Json& opened, std::uint64_t received) {
  return {{"type", "attach"},
          {"session", opened.at("session")},
          {"token", opened.at("token")},
          {"received", received},
          {"cols", 81},
          {"rows", 25}};
}

Json watch_frame(const Json& opened) {
  auto frame = attach_frame(opened, 0);
  frame["watch"] = true;
  frame["token"] = opened.at("watch");
  return frame;
}

Json list_frame(const Json& opened) {
  const Json one{{"session", opened.at("session")}, {"token", opened.at("token")}};
  return {{"type", "list"}, {"sessions", Json::array({one})}};
}

WebSocketClient upgraded(const Connect& tcp) {
  auto browser = tcp();
  if (browser.upgrade() != 101) throw std::runtime_error(browser.refusal());
  return browser;
}

void accept_key(WebSocketClient& browser, const Json& prompt) {
  browser.send({{"type", "answer"}, {"prompt", prompt.at("id")}, {"accept", true}});
}

// After `open`: yes to an unknown host key, until there is something else.
Json next_event(WebSocketClient& browser) {
  for (;;) {
    browser.wait_until([&] { return browser.has_event(); }, "an answer");
    auto frame = browser.take_event();
    if (frame.value("kind", "") != "hostkey") return frame;
    accept_key(browser, frame);
  }
}

WebSocketClient opened(const Connect& tcp, unsigned port, Json& answer) {
  auto browser = upgraded(tcp);
  browser.send(open_frame(port));
  answer = next_event(browser);
  if (answer.at("type") != "opened") throw std::runtime_error(answer.dump());
  return browser;
}

WebSocketClient flooding(const Connect& tcp, unsigned port) {
  Json answer;
  auto browser = opened(tcp, port, answer);
  browser.type("!flood 2000000\n");
  browser.wait_until([&] { return browser.output_end() > 100'000; }, "the flood");
  return browser;
}

void send_half(WebSocketClient& browser, const Json& frame) {
  const auto bytes = WebSocketClient::frame_bytes(1, true, frame.dump());
  browser.send_raw(std::string_view(bytes).substr(0, bytes.size() / 2));
}

// A second socket of the same page: the first one stays where it is until the new one is there.
WebSocketClient returned(const Connect& tcp, unsigned port,
                         const std::function<void(WebSocketClient&, const Json&)>& send) {
  Json answer;
  auto first = opened(tcp, port, answer);
  first.type("hello\n");
  first.expect_output("hello\n");
  auto second = upgraded(tcp);
  send(second, answer);
  return second;
}

const Json kInput{{"type", "input"}, {"seq", 1}, {"data", "half of this é中😀\n"}};
const Json kResize{{"type", "resize"}, {"cols", 100}, {"rows", 30}};
const Json kAck{{"type", "ack"}, {"end", 0}};
const Json kPing{{"type", "ping"}, {"id", 1}};
const Json kAnswer{{"type", "answer"}, {"prompt", 1}, {"accept", true}};
const Json kClose{{"type", "close"}};

}  // namespace

FaultHosts::FaultHosts()
    : sound_(std::make_unique<ScriptedSshServer>()),
      deaf_(std::make_unique<ScriptedSshServer>()),
      asking_(std::make_unique<ScriptedSshServer>(asks())),
      unknown_(std::make_unique<ScriptedSshServer>()) {
  for (const auto& [stage, name] : kLogin) {
    auto script = stage == Stage::kPrompt ? asks() : Script();
    script.silent_at = stage;
    silent_.push_back({name, std::make_unique<ScriptedSshServer>(script)});
    script.silent_at = Stage::kNever;
    script.ends_at = stage;
    ending_.push_back({std::string(name) + ", FIN", std::make_unique<ScriptedSshServer>(script)});
    script.resets = true;
    ending_.push_back({std::string(name) + ", RST", std::make_unique<ScriptedSshServer>(script)});
  }
}

std::vector<BrowserStage> browser_stages(const FaultHosts& hosts) {
  std::vector<BrowserStage> stages;
  const auto add = [&](std::string name, std::function<WebSocketClient(const Connect&)> reach) {
    stages.push_back({std::move(name), std::move(reach)});
  };
  const auto sound = hosts.sound();
  add("connected", [](const Connect& tcp) { return tcp(); });
  add("inside the upgrade", [](const Connect& tcp) {
    auto browser = tcp();
    browser.send_raw("GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgr");
    return browser;
  });
  add("upgraded", upgraded);
  add("inside `open`", [sound](const Connect& tcp) {
    auto browser = upgraded(tcp);
    send_half(browser, open_frame(sound));
    return browser;
  });
  add("the host key's question", [port = hosts.unknown()](const Connect& tcp) {
    auto browser = upgraded(tcp);
    browser.send(open_frame(port));
    browser.expect("prompt");
    return browser;
  });
  add("the host's question", [port = hosts.asking()](const Connect& tcp) {
    auto browser = upgraded(tcp);
    browser.send(open_frame(port));
    next_event(browser);
    return browser;
  });
  for (const auto& host : hosts.silent()) {
    add("waiting for the host: " + host.name, [port = host.server->port()](const Connect& tcp) {
      auto browser = upgraded(tcp);
      browser.send(open_frame(port));
      browser.wait_until([&] { return browser.stages().size() >= 3 || browser.has_event(); },
                         "progress");
      if (browser.has_event()) accept_key(browser, browser.take_event());
      return browser;
    });
  }
  add("`opened`", [sound](const Connect& tcp) {
    Json answer;
    return opened(tcp, sound, answer);
  });
  for (const auto& frame : {kInput, kResize, kAck, kPing, kAnswer, kClose}) {
    const auto type = frame.at("type").get<std::string>();
    add("inside `" + type + "`", [sound, frame](const Connect& tcp) {
      Json answer;
      auto browser = opened(tcp, sound, answer);
      send_half(browser, frame);
      return browser;
    });
    add("after `" + type + "`", [sound, frame](const Connect& tcp) {
      Json answer;
      auto browser = opened(tcp, sound, answer);
      browser.send(frame);
      return browser;
    });
  }
  add("in a flood", [sound](const Connect& tcp) { return flooding(tcp, sound); });
  add("in a flood, behind", [sound](const Connect& tcp) {
    auto browser = flooding(tcp, sound);
    browser.set_acking(false);
    browser.set_reading(false);
    return browser;
  });
  add("as the shell exits", [sound](const Connect& tcp) {
    Json answer;
    auto browser = opened(tcp, sound, answer);
    browser.type("!flood 100000\n!exit 3\n");
    return browser;
  });
  add("inside `attach`", [sound](const Connect& tcp) {
    return returned(tcp, sound, [](WebSocketClient& browser, const Json& session) {
      send_half(browser, attach_frame(session, 0));
    });
  });
  add("after `attach`", [sound](const Connect& tcp) {
    return returned(tcp, sound, [](WebSocketClient& browser, const Json& session) {
      browser.send(attach_frame(session, 6));
    });
  });
  add("after a wrong `attach`", [sound](const Connect& tcp) {
    return returned(tcp, sound, [](WebSocketClient& browser, const Json& session) {
      browser.send(attach_frame(session, 99));
    });
  });
  add("`attached`", [sound](const Connect& tcp) {
    return returned(tcp, sound, [](WebSocketClient& browser, const Json& session) {
      browser.send(attach_frame(session, 0));
      browser.expect("attached");
    });
  });
  add("watching", [sound](const Connect& tcp) {
    return returned(tcp, sound, [](WebSocketClient& browser, const Json& session) {
      browser.send(watch_frame(session));
      browser.expect("attached");
    });
  });
  add("after `list`", [sound](const Connect& tcp) {
    return returned(tcp, sound, [](WebSocketClient& browser, const Json& session) {
      browser.send(list_frame(session));
    });
  });
  return stages;
}

std::vector<HostFault> host_faults(const FaultHosts& hosts) {
  std::vector<HostFault> faults;
  for (const auto* failing : {&hosts.silent(), &hosts.ending()}) {
    for (const auto& host : *failing) {
      const char* how = failing == &hosts.silent() ? ", silent" : "";
      faults.push_back({host.name + how, [port = host.server->port()](const Connect& tcp) {
                          auto browser = upgraded(tcp);
                          browser.send(open_frame(port));
                          return browser;
                        }});
    }
  }
  for (const std::string command :
       {"!cut", "!reset", "!junk", "!deaf", "!exit 4", "!signal KILL"}) {
    const auto port = command == "!deaf" ? hosts.deaf() : hosts.sound();
    faults.push_back({"running, " + command, [port, command](const Connect& tcp) {
                        Json answer;
                        auto browser = opened(tcp, port, answer);
                        browser.type(command + "\n");
                        return browser;
                      }});
    faults.push_back({"in a flood, " + command, [port, command](const Connect& tcp) {
                        Json answer;
                        auto browser = opened(tcp, port, answer);
                        browser.type("!flood 300000\n" + command + "\n");
                        return browser;
                      }});
  }
  return faults;
}

}  // namespace sallyport::support
