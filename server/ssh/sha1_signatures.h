#pragma once

namespace sallyport::ssh {

// Whether libssh2 may sign with SHA-1 for a user's RSA key ("ssh-rsa", RFC 4253, section 6.6) on
// this thread while one of these lives. It does so of itself where a host does not say that it
// takes better (RFC 8308, section 3.1), and has no setting for it: the linker leads its call here.
class Sha1Signatures {
 public:
  explicit Sha1Signatures(bool allowed);
  ~Sha1Signatures();
  Sha1Signatures(const Sha1Signatures&) = delete;
  Sha1Signatures& operator=(const Sha1Signatures&) = delete;
  bool refused() const;  // one was asked for and not made
};

}  // namespace sallyport::ssh
