#include "web/security_headers.h"

#include <string>

namespace sallyport::web {
namespace {

// `style-src` has the nonce because the terminal makes its own <style> elements for fonts and
// colours; `img-src data:` because its image add-on and cursor themes draw from data URLs.
// `connect-src 'self'` covers ws: and wss: to the same host (CSP level 3, section 6.7.2.8). There
// is no other origin in it, and none may be added. No script of the page, xterm.js included, makes
// markup from text, so Trusted Types have no policy at all.
std::string page_policy(std::string_view nonce) {
  return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + std::string(nonce) +
         "'; font-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
         "require-trusted-types-for 'script'; trusted-types 'none'";
}

constexpr std::string_view kBarePolicy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A terminal needs the clipboard and the whole screen, and nothing else a device has.
constexpr std::string_view kPermissions =
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
    "geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), "
    "screen-wake-lock=(), usb=(), "
    "xr-spatial-tracking=(), clipboard-read=(self), clipboard-write=(self), fullscreen=(self)";

}  // namespace

std::vector<Field> security_headers(std::string_view nonce) {
  return {
      {"Content-Security-Policy", nonce.empty() ? std::string(kBarePolicy) : page_policy(nonce)},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},  // for what does not know frame-ancestors
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", std::string(kPermissions)},
  };
}

}  // namespace sallyport::web
