#include "support/throwaway_certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

#include "support/throwaway_keys.h"

namespace sallyport::support {
namespace {

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL could not make a certificate");
}

using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

void write_certificate(const net::TlsFiles& files, const CertificateWish& wish) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      wish.rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), &X509_free);
  must(key && certificate);
  X509* x509 = certificate.get();
  constexpr long kHour = 3600;
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), wish.begins_in_hours * kHour);
  X509_gmtime_adj(X509_getm_notAfter(x509), wish.ends_in_hours * kHour);
  X509_NAME* subject = X509_get_subject_name(x509);
  must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1, -1,
                                  0) == 1);
  X509_set_issuer_name(x509, subject);
  X509_set_pubkey(x509, key.get());
  const std::unique_ptr<X509_EXTENSION, void (*)(X509_EXTENSION*)> names(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + wish.name).c_str()),
      &X509_EXTENSION_free);
  must(names && X509_add_ext(x509, names.get(), -1) == 1);
  must(X509_sign(x509, key.get(), EVP_sha256()) > 0);

  const Bio certificate_text(BIO_new(BIO_s_mem()), &BIO_free);
  const Bio key_text(BIO_new(BIO_s_mem()), &BIO_free);
  must(PEM_write_bio_X509(certificate_text.get(), x509) == 1);
  must(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
       1);
  write_file(files.certificate, text_of(certificate_text));
  write_file(files.key, text_of(key_text));
}

net::TlsFiles make_certificate_files(const std::filesystem::path& folder, const std::string& name,
                                     const CertificateWish& wish) {
  net::TlsFiles files{folder / (name + ".pem"), folder / (name + ".key")};
  write_certificate(files, wish);
  return files;
}

}  // namespace sallyport::support
