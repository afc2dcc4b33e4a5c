#pragma once

#include "app/configuration.h"
#include "app/problem.h"

namespace sallyport::app {

// What is wrong with a configuration as a whole, though each of its settings is good by itself:
// errors for set-ups that are unsafe or cannot work, which are refused, and warnings for those that
// an administrator probably did not mean. Looks at the file system (identity files, known_hosts),
// changes nothing.
Problems check_startup(const Configuration& configuration);

}  // namespace sallyport::app
