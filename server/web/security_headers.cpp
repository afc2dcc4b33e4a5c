#include "web/security_headers.h"

#include <string>

namespace sallyport::web {
namespace {

// `style-src` has the nonce because the terminal makes its own <style> elements for fonts and
// colours; images are the icon and the wall's pattern.
// `connect-src 'self'` covers ws: and wss: to the same host (CSP level 3, section 6.7.2.8). There
// is no other origin in it, and none may be added. No script of the page, xterm.js included, makes
// markup from text, so Trusted Types have no policy at all.
std::string page_policy(std::string_view nonce, std::string_view framers) {
  return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + std::string(nonce) +
         "'; font-src 'self'; img-src 'self'; connect-src 'self'; "
         "base-uri 'none'; form-action 'none'; frame-ancestors " +
         std::string(framers) +
         "; "
         "require-trusted-types-for 'script'; trusted-types 'none'";
}

constexpr std::string_view kBarePolicy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A terminal writes to the clipboard, for its user and after a yes for its host, and may fill the
// whole screen; it needs nothing else that a device has. What is pasted comes with the user's key,
// so that no script reads the clipboard.
constexpr std::string_view kPermissions =
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
    "geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), "
    "screen-wake-lock=(), usb=(), "
    "xr-spatial-tracking=(), clipboard-read=(), clipboard-write=(self), fullscreen=(self)";

}  // namespace

std::vector<Field> security_headers(std::string_view nonce, std::string_view framers) {
  if (framers.empty()) framers = "'none'";
  std::vector<Field> fields{
      {"Content-Security-Policy",
       nonce.empty() ? std::string(kBarePolicy) : page_policy(nonce, framers)},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", std::string(kPermissions)},
  };
  // For what does not know frame-ancestors; it has no word for one other origin.
  if (nonce.empty() || framers == "'none'")
    fields.emplace_back("X-Frame-Options", "DENY");
  else if (framers == "'self'")
    fields.emplace_back("X-Frame-Options", "SAMEORIGIN");
  return fields;
}

}  // namespace sallyport::web
