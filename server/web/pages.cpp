#include "web/pages.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

#include "base/ids.h"
#include "base/json_text.h"

namespace sallyport::web {
namespace {

constexpr std::size_t kNonceBytes = 16;  // 128 bits, as CSP level 3, section 7.1 asks

std::string escape_for_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// Even pieces are text, odd ones the name of a value.
std::string fill(const std::vector<std::string>& pieces,
                 const std::function<std::string(std::string_view)>& value) {
  std::string filled;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    filled += i % 2 == 0 ? pieces[i] : value(pieces[i]);
  return filled;
}

}  // namespace

std::string boot_json(const Boot& boot) {
  std::string json = "{\"version\":";
  base::append_json_string(json, boot.version);
  json += ",\"presets\":[";
  for (const auto& preset : boot.presets) {
    if (&preset != &boot.presets.front()) json += ",";
    json += "{\"name\":";
    base::append_json_string(json, preset.name);
    json += ",\"host\":";
    base::append_json_string(json, preset.host);
    json += ",\"port\":" + std::to_string(preset.port) + ",\"username\":";
    base::append_json_string(json, preset.username);
    json += preset.identity ? ",\"identity\":true,\"clipboard\":"
                            : ",\"identity\":false,\"clipboard\":";
    base::append_json_string(json, preset.clipboard);
    json += "}";
  }
  json += "]}";

  std::string safe;  // these three occur in JSON only inside strings
  for (const char c : json) {
    switch (c) {
      case '<':
        safe += "\\u003c";
        break;
      case '>':
        safe += "\\u003e";
        break;
      case '&':
        safe += "\\u0026";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

Pages::Pages(const Templates& templates, const Assets& assets, const Boot& boot,
             std::string framers)
    : index_(cut(templates.index, assets, boot_json(boot), {"nonce"})),
      error_(cut(templates.error, assets, "", {"nonce", "status", "title", "sentence"})),
      framers_(std::move(framers)) {}

Pages::Pieces Pages::cut(std::string_view text, const Assets& assets, const std::string& boot,
                         const std::vector<std::string_view>& changing) {
  constexpr std::string_view kOpen = "{{";
  constexpr std::string_view kClose = "}}";
  constexpr std::string_view kAsset = "asset:";
  Pieces pieces{""};
  while (true) {
    const auto open = text.find(kOpen);
    const auto close = open == std::string_view::npos ? open : text.find(kClose, open);
    if (close == std::string_view::npos) break;
    const auto name = text.substr(open + kOpen.size(), close - open - kOpen.size());
    pieces.back() += text.substr(0, open);
    text.remove_prefix(close + kClose.size());
    if (std::ranges::find(changing, name) != changing.end()) {
      pieces.emplace_back(name);
      pieces.emplace_back();
    } else if (name == "boot") {
      pieces.back() += boot;
    } else if (name.starts_with(kAsset) && assets.url(name.substr(kAsset.size()))) {
      pieces.back() += *assets.url(name.substr(kAsset.size()));
    } else {
      throw std::invalid_argument("A template asks for {{" + std::string(name) +
                                  "}}, which does not exist.");
    }
  }
  pieces.back() += text;
  return pieces;
}

Reply Pages::index() const {
  Reply reply;
  reply.nonce = base::random_id(kNonceBytes);
  reply.framers = framers_;
  reply.type = "text/html; charset=utf-8";
  reply.fields = {{"Cache-Control", "no-store"}};  // a nonce is good for one page
  reply.text = fill(index_, [&](std::string_view) { return reply.nonce; });
  return reply;
}

Reply Pages::error(unsigned status, std::string_view sentence, bool html) const {
  Reply reply;
  reply.status = status;
  reply.fields = {{"Cache-Control", "no-store"}, {"Vary", "Accept"}};
  if (!html) {
    reply.type = "text/plain; charset=utf-8";
    reply.text = std::string(sentence) + "\n";
    return reply;
  }
  reply.nonce = base::random_id(kNonceBytes);
  reply.type = "text/html; charset=utf-8";
  reply.text = fill(error_, [&](std::string_view name) -> std::string {
    if (name == "nonce") return reply.nonce;
    if (name == "status") return std::to_string(status);
    if (name == "title") return escape_for_html(reason_phrase(status));
    return escape_for_html(sentence);
  });
  return reply;
}

}  // namespace sallyport::web
