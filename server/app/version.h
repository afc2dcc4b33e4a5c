#pragma once

#include <string_view>

namespace sallyport::app {

inline constexpr std::string_view kVersion =
    SALLYPORT_VERSION;  // CMakeLists.txt's project(VERSION)

}  // namespace sallyport::app
