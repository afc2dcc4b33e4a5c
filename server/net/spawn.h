#pragma once

#include <string_view>

#include "base/log.h"
#include "net/task.h"

namespace sallyport::net {

// Starts `task` on `executor`. An exception that leaves it is our own mistake: it is logged under
// `name` and ends only this task (asio::detached would swallow it).
void spawn(const Executor& executor, const base::Log& log, std::string_view name, Task<> task);

}  // namespace sallyport::net
