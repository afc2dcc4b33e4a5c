#include "web/accept_encoding.h"

#include "web/field_list.h"

namespace sallyport::web {
namespace {

// A weight in thousandths (RFC 9110, section 12.4.2: at most three digits after the point); nothing
// when malformed.
std::optional<int> weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int thousandths = (text[0] - '0') * 1000;
  int unit = 100;
  for (const char digit : text.substr(text.size() > 1 ? 2 : 1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    thousandths += (digit - '0') * unit;
    unit /= 10;
  }
  if (thousandths > 1000) return std::nullopt;
  return thousandths;
}

// The weight of one member, "gzip" or "gzip;q=0.5"; nothing when malformed.
std::optional<int> member_weight(std::string_view parameters) {
  if (parameters.empty()) return 1000;
  const auto equals = parameters.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  if (!equals_ignoring_case(trimmed(parameters.substr(0, equals)), "q")) return std::nullopt;
  return weight(trimmed(parameters.substr(equals + 1)));
}

}  // namespace

Coding choose_coding(std::optional<std::string_view> accept_encoding, bool has_gzip,
                     bool has_brotli) {
  if (!accept_encoding) return Coding::kIdentity;
  std::optional<int> gzip;
  std::optional<int> brotli;
  std::optional<int> identity;
  std::optional<int> any;
  for (const auto member : list_members(*accept_encoding)) {
    const auto semicolon = std::min(member.find(';'), member.size());
    const auto name = trimmed(member.substr(0, semicolon));
    const auto q = member_weight(trimmed(member.substr(std::min(semicolon + 1, member.size()))));
    if (!q) continue;
    if (name == "*") {
      any = q;
    } else if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) {
      gzip = q;
    } else if (equals_ignoring_case(name, "br")) {
      brotli = q;
    } else if (equals_ignoring_case(name, "identity")) {
      identity = q;
    }
  }
  const int plain_weight =
      identity.value_or(any.value_or(1));  // taken when not named, but liked least
  const int gzip_weight = has_gzip ? gzip.value_or(any.value_or(0)) : 0;
  const int brotli_weight = has_brotli ? brotli.value_or(any.value_or(0)) : 0;
  if (brotli_weight > 0 && brotli_weight >= gzip_weight && brotli_weight >= plain_weight)
    return Coding::kBrotli;
  if (gzip_weight > 0 && gzip_weight >= plain_weight) return Coding::kGzip;
  return Coding::kIdentity;
}

}  // namespace sallyport::web
