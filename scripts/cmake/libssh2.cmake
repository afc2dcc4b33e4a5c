# libssh2_static: the system's library where it is 1.11.1 or later (Debian 13), otherwise what scripts/build-libssh2 made. Always static: the
# product is one binary, and which libssh2 it contains is decided here and not by the machine it is copied to.
set(LIBSSH2_ROOT "" CACHE PATH "Prefix of a libssh2 to use in place of the system's")

# Sets number to LIBSSH2_VERSION_NUM of a libssh2.h and text to its words; both empty when there is none.
function(sallyport_libssh2_version header)
  set(number "" PARENT_SCOPE)
  set(text "" PARENT_SCOPE)
  if(header AND EXISTS "${header}")
    file(STRINGS "${header}" line REGEX "^#define LIBSSH2_VERSION_NUM +0x" LIMIT_COUNT 1)
    if(line MATCHES "(0x[0-9a-fA-F]+)")
      math(EXPR value "${CMAKE_MATCH_1}")
      set(number "${value}" PARENT_SCOPE)
    endif()
    file(STRINGS "${header}" line REGEX "^#define LIBSSH2_VERSION +\"" LIMIT_COUNT 1)
    if(line MATCHES "\"([^\"]+)\"")
      set(text "${CMAKE_MATCH_1}" PARENT_SCOPE)
    endif()
  endif()
endfunction()

set(sallyport_libssh2_places "${CMAKE_SOURCE_DIR}/build/deps/libssh2" /usr)
if(LIBSSH2_ROOT)
  set(sallyport_libssh2_places "${LIBSSH2_ROOT}") # who names one gets that one or a refusal
endif()
set(sallyport_libssh2_seen "")
set(sallyport_libssh2_header "")
foreach(prefix IN LISTS sallyport_libssh2_places)
  unset(header)
  unset(archive)
  find_path(header libssh2.h PATHS "${prefix}/include" NO_DEFAULT_PATH NO_CACHE)
  find_library(archive libssh2.a PATHS "${prefix}/lib" "${prefix}/lib/${CMAKE_LIBRARY_ARCHITECTURE}" NO_DEFAULT_PATH NO_CACHE)
  sallyport_libssh2_version("${header}/libssh2.h")
  if(number AND number LESS 68353) # 0x010b01
    string(APPEND sallyport_libssh2_seen " The one in ${prefix} is ${text} and too old.")
  elseif(number AND archive)
    set(sallyport_libssh2_header "${header}")
    set(sallyport_libssh2_archive "${archive}")
    set(sallyport_libssh2_text "${text}")
    break()
  endif()
endforeach()

if(NOT sallyport_libssh2_header)
  message(FATAL_ERROR
    "Sallyport needs the static library of libssh2 1.11.1 or later and found none.${sallyport_libssh2_seen} Older ones cannot use RSA keys with "
    "today's servers and lack security fixes. Run scripts/build-libssh2 (Debian 12), or install libssh2-1-dev (Debian 13), or give "
    "-DLIBSSH2_ROOT=<prefix>.")
endif()

message(STATUS "libssh2 ${sallyport_libssh2_text}: ${sallyport_libssh2_archive}")
add_library(libssh2_static STATIC IMPORTED GLOBAL)
set_target_properties(libssh2_static PROPERTIES
  IMPORTED_LOCATION "${sallyport_libssh2_archive}"
  INTERFACE_INCLUDE_DIRECTORIES "${sallyport_libssh2_header}"
  INTERFACE_LINK_LIBRARIES "OpenSSL::Crypto;ZLIB::ZLIB")
