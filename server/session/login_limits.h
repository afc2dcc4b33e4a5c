#pragma once

#include "policy/headcount.h"
#include "policy/login_brakes.h"

namespace sallyport::session {

// What keeps one client from taking all there is, and everybody from guessing fast. Shared by all
// reader threads; locked for a moment at a login's begin and end, never on the way of a byte.
struct LoginLimits {
  policy::LoginBrakes brakes;
  policy::Headcount logins;    // under way: from `open` to `opened`
  policy::Headcount sessions;  // by client; the registry counts them in all
};

}  // namespace sallyport::session
