# Everything comes from Debian's packages; libssh2 is the one that may have to be built (scripts/build-libssh2).
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
set(Boost_USE_STATIC_LIBS ON) # the product is one binary; only what Debian's security updates reach stays shared: OpenSSL, zlib, prometheus-cpp, libc, libstdc++
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS context)
find_package(nlohmann_json 3.11 REQUIRED)
if(SALLYPORT_TESTS)
  find_package(GTest REQUIRED)
endif()
find_package(CLI11 2.1 REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED) # header-only use; server/app/config_file.cpp includes it
include(libssh2) # libssh2_static

# Debian has prometheus-cpp shared only. By hand and not by its CMake package, which wants the HTTP server and client of its other two
# libraries; here its core writes the text format and nothing else.
find_path(PROMETHEUS_CPP_INCLUDE_DIR prometheus/text_serializer.h REQUIRED)
find_library(PROMETHEUS_CPP_CORE prometheus-cpp-core REQUIRED)

# The system calls that are left to the running program. Static: it makes a filter at the start and is not used again.
find_path(SECCOMP_INCLUDE_DIR seccomp.h REQUIRED)
find_library(SECCOMP_LIBRARY NAMES libseccomp.a REQUIRED)

# Asio and Beast are compiled once (server/net/asio_impl.cpp, server/web/beast_impl.cpp), not in every file.
add_library(sallyport_asio INTERFACE)
target_link_libraries(sallyport_asio INTERFACE Boost::headers Threads::Threads OpenSSL::SSL OpenSSL::Crypto)
target_compile_definitions(sallyport_asio INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
# Debian 13's C++ library marks std::aligned_storage deprecated in C++23, and its Boost 1.83 uses it in templates that clang blames on us. Without
# this macro the library marks nothing of its own; everybody else's deprecations still warn.
target_compile_options(sallyport_asio INTERFACE -U__DEPRECATED)
