# What makes a mistake of ours hard to use: for every room of the product, beyond what sallyport_options gives the tests too. Which of it the
# binary really has, a test reads from the binary: tests/security/process/hardened_binary_test.cpp.
add_library(sallyport_hardened INTERFACE)
include(CheckCXXCompilerFlag)
foreach(flag
    -fstack-clash-protection
    -ftrivial-auto-var-init=zero) # what a frame left on the stack is no answer to anybody
  string(MAKE_C_IDENTIFIER "SALLYPORT_HAS${flag}" has)
  check_cxx_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(sallyport_hardened INTERFACE ${flag})
  endif()
endforeach()
# An index beyond the end is an end of the program, not a read of what lies there.
target_compile_definitions(sallyport_hardened INTERFACE _GLIBCXX_ASSERTIONS)

if(NOT SALLYPORT_SANITIZE AND CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo")
  # 3 looks at sizes that are known only when it runs. A library that has no 3 says so, and takes it as 2.
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_FLAGS "-O1 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
  check_cxx_source_compiles("#include <string.h>\nint main() { return 0; }" SALLYPORT_FORTIFY_3)
  unset(CMAKE_REQUIRED_FLAGS)
  if(SALLYPORT_FORTIFY_3)
    target_compile_options(sallyport_hardened INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  endif()
endif()
