# Which compiler may build Sallyport and how it is driven.
option(SALLYPORT_WERROR "Treat warnings as errors (always on in CI)" OFF)
option(SALLYPORT_TESTS "Build the tests" ON)
option(SALLYPORT_BENCH "Build the load client" ON)
set(SALLYPORT_SANITIZE "" CACHE STRING "Sanitizers for every target: 'address,undefined' or 'thread'")

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles C++20 coroutines (temporaries in co_await are destroyed "
    "twice). Use clang 19 (Debian: apt-get install clang-19, then -DCMAKE_CXX_COMPILER=clang++-19) or GCC 13 and later.")
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR
    "clang ${CMAKE_CXX_COMPILER_VERSION} cannot use std::expected of Debian's C++ library. Use clang 19 or later "
    "(Debian: apt-get install clang-19, then -DCMAKE_CXX_COMPILER=clang++-19).")
endif()

add_library(sallyport_options INTERFACE)
target_compile_options(sallyport_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -fstack-protector-strong -fno-omit-frame-pointer)
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-fcf-protection=full SALLYPORT_CF_PROTECTION) # x86; arm64 spells it otherwise
check_cxx_compiler_flag(-mbranch-protection=standard SALLYPORT_BRANCH_PROTECTION)
if(SALLYPORT_CF_PROTECTION)
  target_compile_options(sallyport_options INTERFACE -fcf-protection=full)
elseif(SALLYPORT_BRANCH_PROTECTION)
  target_compile_options(sallyport_options INTERFACE -mbranch-protection=standard)
endif()
if(SALLYPORT_WERROR)
  target_compile_options(sallyport_options INTERFACE -Werror)
endif()
if(SALLYPORT_SANITIZE)
  add_compile_options(-fsanitize=${SALLYPORT_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SALLYPORT_SANITIZE})
elseif(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo")
  target_compile_definitions(sallyport_options INTERFACE _FORTIFY_SOURCE=2)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
include(hardening)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  find_program(SALLYPORT_LLD NAMES ld.lld-19 ld.lld)
  if(SALLYPORT_LLD)
    add_link_options(-fuse-ld=${SALLYPORT_LLD})
  endif()
endif()
