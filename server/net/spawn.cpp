#include "net/spawn.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <string>
#include <utility>

namespace sallyport::net {

void spawn(const Executor& executor, const base::Log& log, std::string_view name, Task<> task) {
  asio::co_spawn(executor, std::move(task),
                 [&log, name = std::string(name)](std::exception_ptr thrown) {
                   if (!thrown) return;
                   try {
                     std::rethrow_exception(thrown);
                   } catch (const std::exception& mistake) {
                     log.error("task.failed", {{"task", name}, {"reason", mistake.what()}});
                   } catch (...) {
                     log.error("task.failed", {{"task", name}, {"reason", "unknown exception"}});
                   }
                 });
}

}  // namespace sallyport::net
