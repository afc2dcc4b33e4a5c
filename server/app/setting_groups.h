#pragma once

#include <vector>

#include "app/setting_table.h"

// The rows of the table, one function and one file for each of the configuration file's tables.
namespace sallyport::app::groups {

std::vector<Setting> basics();
std::vector<Setting> tls();
std::vector<Setting> proxies();
std::vector<Setting> targets();
std::vector<Setting> session();
std::vector<Setting> limits();
std::vector<Setting> metrics();
std::vector<Setting> timeouts();
std::vector<Setting> page();

}  // namespace sallyport::app::groups
