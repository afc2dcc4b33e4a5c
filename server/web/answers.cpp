#include "web/answers.h"

#include <optional>
#include <utility>

#include "web/assets.h"
#include "web/health.h"
#include "web/pages.h"
#include "web/upgrade.h"

namespace sallyport::web {
namespace {

std::optional<std::string_view> field(const Request& request, http::field name) {
  const auto found = request.find(name);
  if (found == request.end()) return std::nullopt;
  return view(found->value());
}

// All fields of one name as one list (RFC 9110, section 5.3).
std::string joined(const Request& request, http::field name) {
  std::string list;
  for (auto [at, end] = request.equal_range(name); at != end; ++at) {
    if (!list.empty()) list += ", ";
    list += view(at->value());
  }
  return list;
}

UpgradeFields upgrade_fields(const Request& request, const Target& target, const Caller& caller) {
  UpgradeFields fields;
  fields.http_1_1 = request.version() == 11;
  fields.scheme = caller.secure ? "https" : "http";
  fields.host = target.authority.value_or(field(request, http::field::host).value_or(""));
  if (!caller.host.empty()) fields.host = caller.host;
  if (request.count(http::field::origin) == 1) fields.origin = *field(request, http::field::origin);
  fields.connection = joined(request, http::field::connection);
  fields.upgrade = joined(request, http::field::upgrade);
  fields.version = joined(request, http::field::sec_websocket_version);
  fields.key = joined(request, http::field::sec_websocket_key);
  fields.protocols = joined(request, http::field::sec_websocket_protocol);
  return fields;
}

}  // namespace

Answer Answers::refuse(const Refusal& refusal, bool html) const {
  return {.reply = pages_.error(refusal.status, refusal.sentence, html), .refused = refusal.reason};
}

Answer Answers::to(const Request& request, const Caller& caller, bool stopping) const {
  const bool html = joined(request, http::field::accept).find("text/html") != std::string::npos;
  const auto target = parse_target(view(request.target()));
  if (!target) {
    Answer malformed = refuse({400, "target", "The address in the request is malformed."}, html);
    malformed.close = true;
    return malformed;
  }
  // The page finds its parts beside itself, so it must be opened with the slash.
  if (base_path_.size() > 1 && target->path == base_path_.substr(0, base_path_.size() - 1)) {
    Answer moved{.reply = pages_.error(308, "This page has a slash at its end.", html)};
    moved.reply.fields.emplace_back("Location", base_path_);
    return moved;
  }
  if (!target->path.starts_with(base_path_))
    return {.reply = pages_.error(404, "There is nothing at this address.", html)};
  const std::string_view path = target->path.substr(base_path_.size() - 1);
  const Match match = find_route(routes_, view(request.method_string()), path);
  if (match.route == nullptr)
    return {.reply = pages_.error(404, "There is nothing at this address.", html)};
  if (!match.method_allowed) {
    Answer wrong{.reply = pages_.error(405, "This address cannot be asked in that way.", html)};
    wrong.reply.fields.emplace_back("Allow", allowed_methods(*match.route));
    return wrong;
  }
  if (match.route->needs == Needs::kUpgradeFromOurPage) {
    if (const auto refusal = refuse_upgrade(upgrade_fields(request, *target, caller), origins_)) {
      Answer refused = refuse(*refusal, html);
      if (refusal->status == 426) {  // RFC 9110, section 15.5.22, and RFC 6455, section 4.4
        refused.reply.fields.emplace_back("Upgrade", "websocket");
        refused.reply.fields.emplace_back("Sec-WebSocket-Version", "13");
      }
      return refused;
    }
    if (stopping) return refuse({503, "stopping", "The gateway is stopping."}, html);
  }
  switch (match.route->handler) {
    case Handler::kPage:
      return {.reply = pages_.index()};
    case Handler::kHealth:
      return {.reply = health(stopping)};
    case Handler::kMetrics:
      return {.metrics = true};
    case Handler::kTerminalSocket:
      return {.upgrade = true};
    case Handler::kAsset:
      break;
  }
  const AssetQuery query{.accept_encoding = field(request, http::field::accept_encoding),
                         .if_none_match = field(request, http::field::if_none_match)};
  if (auto reply = assets_.reply(path, query)) return {.reply = std::move(*reply)};
  return {.reply = pages_.error(404, "There is nothing at this address.", html)};
}

}  // namespace sallyport::web
