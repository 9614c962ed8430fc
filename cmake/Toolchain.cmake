# Compilers, warnings, linkers: the same for every target.

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers
                    "$<$<COMPILE_LANGUAGE:CXX>:-Wshadow;-Wnon-virtual-dtor;-Wextra-semi>")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  # False alarms of GCC 12 inside inlined library code.
  add_compile_options(-Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds -Wno-restrict
                      -Wno-stringop-overread -Wno-dangling-pointer)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g1")
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

if(SLS_SANITIZE)
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -gline-tables-only")
  # clang 14 cannot compile coroutines with -fsanitize=function.
  add_compile_options(-fsanitize=${SLS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SLS_SANITIZE})
  if(SLS_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=function,vptr)
    add_link_options(-fno-sanitize=function,vptr)
  endif()
endif()
if(SLS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Links in a fraction of the time, where it is there.
find_program(SLS_MOLD mold)
find_program(SLS_LLD ld.lld-14)
if(SLS_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(--ld-path=${SLS_LLD})
elseif(SLS_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-fno-lto -fno-use-linker-plugin)  # but for what is shipped, below
endif()

find_program(SLS_CCACHE ccache)
if(SLS_CCACHE)
  # Without this it refuses what is compiled with a precompiled header (the tests).
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${SLS_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${SLS_CCACHE})
endif()

# What is shipped (the agent and the plugins) goes to dist/[FOLDER]: link-time optimisation, linked by GNU ld, stripped.
add_custom_target(dist COMMENT "What is shipped lies in ${PROJECT_BINARY_DIR}/dist")
function(sls_ship target)
  cmake_parse_arguments(ARG "" "FOLDER" "" ${ARGN})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/dist/${ARG_FOLDER}
                                             LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/dist/${ARG_FOLDER})
  add_dependencies(dist ${target})
  sls_link_as_shipped(${target})
endfunction()

option(SLS_NAMES "Keep the names of functions in what is shipped (tools/start_order.py wants them)" OFF)
# What runs before the first /next lies together, in front of the rest: a start then touches a fraction of the pages
# (docs/decisions/0051). The names are those of cmake/start_order/TARGET.txt; one that is no more is passed over.
function(sls_start_first target)
  string(REGEX REPLACE "-layer$" "" program ${target})
  set(names ${PROJECT_SOURCE_DIR}/cmake/start_order/${program}.txt)
  if(NOT EXISTS ${names})
    return()
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${names})
  file(STRINGS ${names} functions REGEX "^[^#]")
  set(sections "")
  foreach(function ${functions})
    string(APPEND sections "    *(.text.${function} .text.startup.${function} .text.unlikely.${function})\n")
  endforeach()
  set(script ${CMAKE_CURRENT_BINARY_DIR}/${target}.order.ld)
  file(CONFIGURE OUTPUT ${script} CONTENT
       "SECTIONS\n{\n  .text.first :\n  {\n${sections}    *libyaml.a:*(.text)\n  }\n}\nINSERT BEFORE .text;\n")
  target_link_options(${target} PRIVATE -ffunction-sections -Wl,-T,${script})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${script})
endfunction()

function(sls_link_as_shipped target)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    # noseparate-code: two mappings less per object; at each start the kernel asks 4 µs for one.
    if(NOT SLS_NAMES)
      target_link_options(${target} PRIVATE -s)
    endif()
    target_link_options(${target} PRIVATE -Wl,-z,now -Wl,-z,relro -Wl,-z,noseparate-code -Wl,--as-needed -Wl,-O1)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_link_options(${target} PRIVATE -fuse-ld=bfd -fuse-linker-plugin -flto=auto)
      sls_start_first(${target})
    endif()
  endif()
endfunction()

# In a folder of what is shipped: linked with what the compiler would name by itself, but libm. To map that costs each
# start 50 µs; whoever needs it anew does not link.
macro(sls_without_libm)
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT SLS_SANITIZE)
    add_link_options(-nodefaultlibs)
    set(CMAKE_CXX_STANDARD_LIBRARIES "-l:libstdc++.a -lgcc -lgcc_eh -lc")
  endif()
endmacro()

# In a folder whose objects end in what is shipped: they hold both code (for the tests, which link in no time) and what
# the optimiser wants at link time.
macro(sls_optimise_at_link)
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-flto -ffat-lto-objects)
  endif()
endmacro()
