#pragma once

#include <filesystem>
#include <string>

#include "net/tls_context.h"

namespace sallyport::support {

struct CertificateWish {
  std::string name = "gate.example";  // its subject, and the one name it is for
  int begins_in_hours = -1;
  int ends_in_hours = 24;
  bool rsa = false;  // else a key on P-256
};

// A self-signed certificate and its key, written over what is at `files`.
void write_certificate(const net::TlsFiles& files, const CertificateWish& wish = {});
net::TlsFiles make_certificate_files(const std::filesystem::path& folder, const std::string& name,
                                     const CertificateWish& wish = {});

}  // namespace sallyport::support
