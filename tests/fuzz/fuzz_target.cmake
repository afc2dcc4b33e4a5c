# A parser that eats what others send has a fuzz target of at most 25 lines, <name>_fuzz.cpp, and a small corpus, corpus/<name>/.
#   sallyport_fuzz(decode LINKS sallyport_protocol)
# Usually it is a plain test that replays the corpus. scripts/fuzz builds it with libFuzzer and fuzzes.
option(SALLYPORT_FUZZ "Link the fuzz targets with libFuzzer (clang only)" OFF)

function(sallyport_fuzz name)
  cmake_parse_arguments(FUZZ "" "" "LINKS" ${ARGN})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
  if(SALLYPORT_FUZZ)
    add_executable(fuzz_${name} ${name}_fuzz.cpp)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz_${name} COMMAND fuzz_${name} -runs=0 ${corpus})
  else()
    add_executable(fuzz_${name} ${name}_fuzz.cpp replay_main.cpp)
    add_test(NAME fuzz_${name} COMMAND fuzz_${name} ${corpus})
  endif()
  target_link_libraries(fuzz_${name} PRIVATE sallyport_options ${FUZZ_LINKS})
  set_tests_properties(fuzz_${name} PROPERTIES LABELS "unit;fuzz" TIMEOUT 300)
endfunction()
