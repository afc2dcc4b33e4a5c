#pragma once

#include "app/landlock.h"
#include "app/settings.h"

namespace sallyport::app {

// Which files a gateway with these settings still uses when it runs: for enter_sandbox(). Makes the
// folder of known_hosts where there is none, since a folder that comes later gets no rule.
UsedFiles used_files(const Settings& settings);

}  // namespace sallyport::app
