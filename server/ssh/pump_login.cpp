// The pump's steps up to the shell. Each is repeated with the same arguments while it says kWait.
#include <libssh2.h>

#include <cstdint>
#include <string>

#include "ssh/pump.h"
#include "ssh/sha1_signatures.h"

namespace sallyport::ssh {
namespace {

// A banner, lists of methods, prompts: no login needs more, and libssh2 would queue without end.
constexpr std::uint64_t kMaxBeforeShell = 1024 * 1024;  // bytes
constexpr std::size_t kReceivesPerStep = 64;            // of 16 KiB
constexpr unsigned kPacketSize = 32 * 1024;  // RFC 4254, section 5.1; what OpenSSH sends at most
constexpr unsigned char kIutf8 = 42;         // RFC 8160: line editing deletes whole characters

unsigned length_of(std::string_view text) { return static_cast<unsigned>(text.size()); }

std::string method(LIBSSH2_SESSION* session, int kind) {
  const char* name = libssh2_session_methods(session, kind);
  return name ? name : "";
}

}  // namespace

Pump::Outcome Pump::outcome(long code) {
  if (code == LIBSSH2_ERROR_EAGAIN) {
    if (transport_.end() != Transport::End::kNone) return Outcome::kFailed;
    if (transport_.received() > kMaxBeforeShell) {
      return broken("it sent more than 1 MiB before the shell ran");
    }
    return Outcome::kWait;
  }
  if (code >= 0) return Outcome::kDone;
  if (context_.disconnected || transport_.end() != Transport::End::kNone) return Outcome::kFailed;
  switch (code) {
    case LIBSSH2_ERROR_AUTHENTICATION_FAILED:
    case LIBSSH2_ERROR_CHANNEL_FAILURE:
    case LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED:
      return Outcome::kRefused;
    default:
      return Outcome::kFailed;
  }
}

Pump::Outcome Pump::broken(std::string reason) {
  reason_ = std::move(reason);
  return Outcome::kFailed;
}

Pump::Error Pump::error() const {
  if (!reason_.empty()) return {LIBSSH2_ERROR_PROTO, reason_};
  char* text = nullptr;
  const int code = libssh2_session_last_error(session_, &text, nullptr, 0);
  return {code, text ? text : ""};
}

Pump::Outcome Pump::handshake(const algorithms::Offer& offer) {
  if (transport_.sent() == 0) {
    const std::pair<int, const std::string&> preferences[] = {
        {LIBSSH2_METHOD_KEX, offer.kex},
        {LIBSSH2_METHOD_HOSTKEY, offer.hostkey},
        {LIBSSH2_METHOD_CRYPT_CS, offer.cipher},
        {LIBSSH2_METHOD_CRYPT_SC, offer.cipher},
        {LIBSSH2_METHOD_MAC_CS, offer.mac},
        {LIBSSH2_METHOD_MAC_SC, offer.mac},
        {LIBSSH2_METHOD_SIGN_ALGO, offer.signature}};
    for (const auto& [kind, names] : preferences) {
      if (libssh2_session_method_pref(session_, kind, names.c_str()) != 0) {
        return broken("libssh2 does not know the algorithms that are asked of it");
      }
    }
    allows_sha1_ = offer.signature.ends_with("ssh-rsa");
    libssh2_session_banner_set(session_, "SSH-2.0-Sallyport");
  }
  transport_.allow_receives(kReceivesPerStep);
  return outcome(libssh2_session_handshake(session_, transport_.descriptor()));
}

std::string Pump::host_key() const {
  std::size_t length = 0;
  int type = 0;
  const char* blob = libssh2_session_hostkey(session_, &length, &type);
  return blob ? std::string(blob, length) : std::string();
}

Pump::Negotiated Pump::negotiated() const {
  return {method(session_, LIBSSH2_METHOD_KEX),      method(session_, LIBSSH2_METHOD_HOSTKEY),
          method(session_, LIBSSH2_METHOD_CRYPT_SC), method(session_, LIBSSH2_METHOD_CRYPT_CS),
          method(session_, LIBSSH2_METHOD_MAC_SC),   method(session_, LIBSSH2_METHOD_MAC_CS)};
}

Pump::Outcome Pump::list_methods(const std::string& user, std::string& methods) {
  transport_.allow_receives(kReceivesPerStep);
  if (const char* list = libssh2_userauth_list(session_, user.c_str(), length_of(user))) {
    methods = list;
    return Outcome::kDone;
  }
  if (authenticated()) return Outcome::kDone;
  const int code = libssh2_session_last_errno(session_);
  return outcome(code == 0 ? LIBSSH2_ERROR_PROTO : code);
}

bool Pump::authenticated() const { return libssh2_userauth_authenticated(session_) != 0; }

Pump::Outcome Pump::password(const std::string& user, const base::Secret& password,
                             Answerer& change) {
  transport_.allow_receives(kReceivesPerStep);
  context_.answerer = &change;
  const std::string_view bytes = password.reveal();
  const int code =
      libssh2_userauth_password_ex(session_, user.c_str(), length_of(user), bytes.data(),
                                   length_of(bytes), callbacks::on_password_change);
  context_.answerer = nullptr;
  return outcome(code);
}

Pump::Outcome Pump::interactive(const std::string& user, Answerer& answerer) {
  transport_.allow_receives(kReceivesPerStep);
  context_.answerer = &answerer;
  const int code = libssh2_userauth_keyboard_interactive_ex(session_, user.c_str(), length_of(user),
                                                            callbacks::on_interactive);
  context_.answerer = nullptr;
  return outcome(code);
}

Pump::Outcome Pump::public_key(const std::string& user, const base::Secret& key,
                               const base::Secret& passphrase, const std::string& certificate) {
  transport_.allow_receives(kReceivesPerStep);
  const std::string_view bytes = key.reveal();
  context_.memory.keep_track(false);
  const Sha1Signatures sha1(allows_sha1_);
  // libssh2 wants the passphrase to end in a NUL: std::string's does.
  const int code = libssh2_userauth_publickey_frommemory(
      session_, user.c_str(), user.size(), certificate.empty() ? nullptr : certificate.c_str(),
      certificate.size(), bytes.data(), bytes.size(),
      passphrase.empty() ? nullptr : passphrase.reveal().data());
  context_.memory.keep_track(true);
  refused_sha1_ = refused_sha1_ || sha1.refused();
  // libssh2 has one code for a signature that the host refused and for one that could not be made.
  if (code == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED &&
      error().text.starts_with("Invalid signature for supplied")) {
    return outcome(LIBSSH2_ERROR_AUTHENTICATION_FAILED);
  }
  return outcome(code);
}

std::string Pump::banner() const {
  char* text = nullptr;
  return libssh2_userauth_banner(session_, &text) == 0 && text ? text : "";
}

Pump::Outcome Pump::open_channel(unsigned window) {
  transport_.allow_receives(kReceivesPerStep);
  window_limit_ = window;
  window_ = std::min(window, kFirstWindow);
  channel_ = libssh2_channel_open_ex(session_, "session", 7, window_, kPacketSize, nullptr, 0);
  if (!channel_) {
    const int code = libssh2_session_last_errno(session_);
    return outcome(code == 0 ? LIBSSH2_ERROR_PROTO : code);
  }
  return outcome(
      libssh2_channel_handle_extended_data2(channel_, LIBSSH2_CHANNEL_EXTENDED_DATA_MERGE));
}

Pump::Outcome Pump::request_pty(const std::string& term, unsigned cols, unsigned rows) {
  transport_.allow_receives(kReceivesPerStep);
  static constexpr char modes[] = {kIutf8, 0, 0, 0, 1, 0};
  return outcome(libssh2_channel_request_pty_ex(channel_, term.c_str(), length_of(term), modes,
                                                sizeof(modes), static_cast<int>(cols),
                                                static_cast<int>(rows), 0, 0));
}

Pump::Outcome Pump::set_env(const std::string& name, const std::string& value) {
  transport_.allow_receives(kReceivesPerStep);
  return outcome(libssh2_channel_setenv_ex(channel_, name.c_str(), length_of(name), value.c_str(),
                                           length_of(value)));
}

Pump::Outcome Pump::start_shell() {
  transport_.allow_receives(kReceivesPerStep);
  const Outcome result = outcome(libssh2_channel_process_startup(channel_, "shell", 5, nullptr, 0));
  if (result == Outcome::kDone) context_.memory.login_is_over();
  return result;
}

}  // namespace sallyport::ssh
