# sallyport_embed_site(TARGET): a static library with the front end and the templates inside, so that the product is one
# binary. It defines what server/web/embedded.h declares.
find_program(SALLYPORT_NODE NAMES node nodejs)
if(NOT SALLYPORT_NODE)
  message(FATAL_ERROR "Node.js 18 or later bundles the front end. Install it (Debian: apt-get install nodejs npm).")
endif()
enable_language(ASM)

function(sallyport_embed_site target)
  set(static ${CMAKE_SOURCE_DIR}/static)
  set(templates ${CMAKE_SOURCE_DIR}/templates)
  set(site ${CMAKE_BINARY_DIR}/site)

  set(packages ${CMAKE_BINARY_DIR}/site/packages.stamp)
  add_custom_command(OUTPUT ${packages}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${site}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -P ${CMAKE_SOURCE_DIR}/scripts/cmake/packages.cmake
    COMMAND ${CMAKE_COMMAND} -E touch ${packages}
    DEPENDS ${static}/package.json ${static}/package-lock.json ${CMAKE_SOURCE_DIR}/scripts/cmake/packages.cmake
    COMMENT "Looking at the front end's packages" VERBATIM)

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${static}/src/* ${static}/styles/* ${static}/images/*)
  file(GLOB pages CONFIGURE_DEPENDS ${templates}/*.html)
  add_custom_command(OUTPUT ${site}/manifest.json
    COMMAND ${SALLYPORT_NODE} ${static}/build.mjs ${site}
    DEPENDS ${packages} ${static}/build.mjs ${static}/tsconfig.json ${sources}
    COMMENT "Bundling the front end" VERBATIM)
  add_custom_command(OUTPUT ${site}/site.S ${site}/site.cpp
    COMMAND ${SALLYPORT_NODE} ${CMAKE_SOURCE_DIR}/scripts/cmake/embed.mjs ${site} ${templates} ${site}
    DEPENDS ${site}/manifest.json ${pages} ${CMAKE_SOURCE_DIR}/scripts/cmake/embed.mjs
    COMMENT "Embedding the front end" VERBATIM)

  add_library(${target} STATIC ${site}/site.S ${site}/site.cpp)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/server)
  # The assembler does not tell ninja what .incbin takes in.
  set_source_files_properties(${site}/site.S PROPERTIES OBJECT_DEPENDS ${site}/manifest.json)
endfunction()
