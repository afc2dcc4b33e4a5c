#include "net/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace sallyport::net {
namespace {

template <class T, void (*kFree)(T*)>
struct Free {
  void operator()(T* thing) const { kFree(thing); }
};
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

constexpr const char* kSuites12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kSuites13 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* kGroups = "X25519:P-256:P-384";

// A chain is a handful; more is a mistake, or a whole trust store.
constexpr int kLongestChain = 10;

std::unexpected<std::string> trouble(const std::filesystem::path& file, std::string_view what) {
  ERR_clear_error();
  return std::unexpected("The file " + file.string() + " " + std::string(what));
}

std::expected<File, std::string> open(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "re"));
  if (!file) return trouble(path, "cannot be read: " + std::string(strerrordesc_np(errno)) + ".");
  return file;
}

std::expected<void, std::string> use_chain(SSL_CTX* context, const TlsFiles& files) {
  auto file = open(files.certificate);
  if (!file) return std::unexpected(file.error());
  const Certificate own(PEM_read_X509_AUX(file->get(), nullptr, nullptr, nullptr));
  if (!own) return trouble(files.certificate, "holds no certificate in PEM.");
  if (SSL_CTX_use_certificate(context, own.get()) != 1) {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return trouble(files.certificate, "holds a certificate that OpenSSL does not take (" +
                                          std::string(reason ? reason : "no reason given") + ").");
  }
  for (int count = 0; count < kLongestChain; ++count) {
    const Certificate signer(PEM_read_X509(file->get(), nullptr, nullptr, nullptr));
    if (!signer) {
      ERR_clear_error();  // the end of the file
      return {};
    }
    if (SSL_CTX_add1_chain_cert(context, signer.get()) != 1)
      return trouble(files.certificate, "holds a chain that OpenSSL does not take.");
  }
  return trouble(files.certificate, "holds more than ten certificates, which is no chain.");
}

std::expected<void, std::string> use_key(SSL_CTX* context, const TlsFiles& files) {
  auto file = open(files.key);
  if (!file) return std::unexpected(file.error());
  bool asked = false;
  // Called only for a key with a passphrase; there is nobody to ask.
  const auto ask = [](char*, int, int, void* was_asked) -> int {
    *static_cast<bool*>(was_asked) = true;
    return -1;
  };
  const Key key(PEM_read_PrivateKey(file->get(), nullptr, ask, &asked));
  if (asked) return trouble(files.key, "is a key with a passphrase: take one without.");
  if (!key) return trouble(files.key, "holds no private key in PEM.");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return trouble(files.key,
                   "is not the key of the certificate in " + files.certificate.string() + ".");
  }
  return {};
}

// RFC 7301, section 3.2: who offers protocols and not ours is told so, which also keeps a server
// of another protocol from being mistaken for this one.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void*) {
  static constexpr std::string_view kHttp = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int result =
      SSL_select_next_proto(&found, length, reinterpret_cast<const unsigned char*>(kHttp.data()),
                            static_cast<unsigned>(kHttp.size()), offered, offered_length);
  if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

bool harden(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CLEANSE_PLAINTEXT |  // passwords are in it
                                   // HTTP and WebSocket both say themselves where they end.
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);                           // a record is one read(2), not two
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets hold the state
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kSuites12) == 1 &&
         SSL_CTX_set_ciphersuites(context, kSuites13) == 1 &&
         SSL_CTX_set1_groups_list(context, kGroups) == 1;
}

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Memory = std::unique_ptr<BIO, FreeBio>;

std::string text_of(const Memory& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string date_of(const ASN1_TIME* time) {
  const Memory memory(BIO_new(BIO_s_mem()));
  ASN1_TIME_print(memory.get(), time);
  return text_of(memory);
}

}  // namespace

std::expected<LoadedTls, std::string> load_tls(const TlsFiles& files) {
  ERR_clear_error();
  LoadedTls loaded;
  loaded.context = TlsContext(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX* context = loaded.context.get();
  if (!context || !harden(context)) {
    ERR_clear_error();
    return std::unexpected("OpenSSL on this machine does not know the suites that are needed.");
  }
  if (auto used = use_chain(context, files); !used) return std::unexpected(used.error());
  if (auto used = use_key(context, files); !used) return std::unexpected(used.error());

  const X509* own = SSL_CTX_get0_certificate(context);
  const Memory subject(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(subject.get(), X509_get_subject_name(own), 0, XN_FLAG_ONELINE);
  loaded.subject = text_of(subject);
  loaded.expires = date_of(X509_get0_notAfter(own));
  if (X509_cmp_current_time(X509_get0_notAfter(own)) < 0) {
    loaded.not_usable =
        "The certificate in " + files.certificate.string() + " expired on " + loaded.expires + ".";
  } else if (X509_cmp_current_time(X509_get0_notBefore(own)) > 0) {
    loaded.not_usable = "The certificate in " + files.certificate.string() +
                        " is not valid before " + date_of(X509_get0_notBefore(own)) + ".";
  }
  return loaded;
}

}  // namespace sallyport::net
