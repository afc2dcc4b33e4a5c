#include "web/assets.h"

#include <algorithm>

#include "web/accept_encoding.h"
#include "web/field_list.h"

namespace sallyport::web {
namespace {

struct Form {
  std::string_view bytes;
  std::string_view coding;  // Content-Encoding; empty for the plain form
};

Form choose_form(const Asset& asset, std::optional<std::string_view> accept_encoding) {
  switch (choose_coding(accept_encoding, !asset.gzip.empty(), !asset.brotli.empty())) {
    case Coding::kBrotli:
      return {asset.brotli, "br"};
    case Coding::kGzip:
      return {asset.gzip, "gzip"};
    case Coding::kIdentity:
      break;
  }
  return {asset.plain, {}};
}

// Weak comparison (RFC 9110, section 8.8.3.2). Our tags hold neither commas nor spaces.
bool has_tag(std::string_view if_none_match, std::string_view tag) {
  return std::ranges::any_of(list_members(if_none_match), [tag](std::string_view member) {
    if (member == "*") return true;
    if (member.starts_with("W/")) member.remove_prefix(2);
    return member == tag;
  });
}

}  // namespace

std::optional<std::string_view> Assets::url(std::string_view name) const {
  const auto found = std::ranges::find(assets_, name, &Asset::name);
  if (found == assets_.end()) return std::nullopt;
  return found->file;
}

std::optional<Reply> Assets::reply(std::string_view path, const AssetQuery& query) const {
  if (!path.starts_with('/')) return std::nullopt;
  const auto found = std::ranges::find(assets_, path.substr(1), &Asset::file);
  if (found == assets_.end()) return std::nullopt;

  const Form form = choose_form(*found, query.accept_encoding);
  // Each form has a tag of its own: they are different bytes (RFC 9110, section 8.8.3.3).
  std::string tag = "\"" + std::string(found->hash);
  if (!form.coding.empty()) tag += "-" + std::string(form.coding);
  tag += "\"";

  Reply reply;
  reply.fields = {{"Cache-Control", "public, max-age=31536000, immutable"}, {"ETag", tag}};
  if (!found->gzip.empty() || !found->brotli.empty())
    reply.fields.emplace_back("Vary", "Accept-Encoding");
  if (query.if_none_match && has_tag(*query.if_none_match, tag)) {
    reply.status = 304;
    return reply;
  }
  if (!form.coding.empty()) reply.fields.emplace_back("Content-Encoding", form.coding);
  reply.type = found->type;
  reply.embedded = form.bytes;
  return reply;
}

}  // namespace sallyport::web
