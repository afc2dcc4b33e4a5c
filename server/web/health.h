#pragma once

#include "web/reply.h"

namespace sallyport::web {

// /healthz: 200 while the gateway takes connections, 503 from the moment it stops, so that a load
// balancer looks elsewhere. It says nothing about the hosts behind.
Reply health(bool stopping);

}  // namespace sallyport::web
