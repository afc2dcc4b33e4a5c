#pragma once

#include "ssh/challenge.h"

namespace sallyport::ssh {

// The password that is to replace an expired one (RFC 4252, section 8), asked twice until both are
// the same: the host sets what it is sent, and a slip of the finger would lock the account's owner
// out. Nothing: the login is given up, or three tries were not enough.
std::optional<base::Secret> ask_new_password(const Answerer& answerer);

}  // namespace sallyport::ssh
