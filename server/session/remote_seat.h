#pragma once

#include <memory>

#include "net/task.h"
#include "session/registry.h"
#include "session/viewer_port.h"

namespace sallyport::session {

// Seats a viewer at the session it asks for, by way of a post() for every call when that lives on
// another reader thread than `here`, the viewer's. `port` is set before on_attached() (or, from
// afar, on_failed()) is called, which may be before this returns.
base::Result<void> attach(const Registry& registry, const net::Executor& here, Viewer& viewer,
                          const protocol::Attach& request, std::unique_ptr<ViewerPort>& port);

}  // namespace sallyport::session
