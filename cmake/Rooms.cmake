# How a room becomes a library, a plugin a shared object, and a folder of tests a program: by convention, so that a new
# file needs no change of any CMakeLists.txt.

# sls_room(NAME [LINK lib…]): agent/NAME/*.cpp -> library agent_NAME.
function(sls_room name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(sources)
    add_library(agent_${name} STATIC ${sources})
    target_include_directories(agent_${name} PUBLIC ${PROJECT_SOURCE_DIR}/agent)
    target_link_libraries(agent_${name} PUBLIC ${ARG_LINK})
  else()
    add_library(agent_${name} INTERFACE)
    target_include_directories(agent_${name} INTERFACE ${PROJECT_SOURCE_DIR}/agent)
    target_link_libraries(agent_${name} INTERFACE ${ARG_LINK})
  endif()
endfunction()

# sls_test_program(TARGET): compiled as tests are, with the headers that all of them read precompiled once.
function(sls_test_program target)
  target_compile_options(${target} PRIVATE ${SLS_TEST_OPTIONS})
  if(NOT SLS_FUZZ)
    target_precompile_headers(${target} REUSE_FROM sls_test_headers)
  endif()
endfunction()

# sls_unit_tests(NAME LINK lib…): *.cpp of the folder tests/unit/NAME -> test program unit_NAME.
function(sls_unit_tests name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*_test.cpp)
  if(sources)
    add_executable(unit_${name} ${sources})
    sls_test_program(unit_${name})
    target_link_libraries(unit_${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gtest_main)
    add_test(NAME unit_${name} COMMAND unit_${name})
    set_tests_properties(unit_${name} PROPERTIES TIMEOUT 360)  # under sanitizers on a slow machine
  endif()
endfunction()

# sls_pipeline(KIND [LINK lib…]): the folder it is called in becomes three targets: sls_KIND_core (all but the door),
# sls_KIND_door (plugin.cpp alone, which tests link to drive the plugin in-process), and the shared object KIND in
# dist/plugins/. Sources are those of the folder and of its in/, between/, out/ and invocation/.
function(sls_pipeline kind)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  set(here ${CMAKE_CURRENT_SOURCE_DIR})
  file(GLOB sources CONFIGURE_DEPENDS ${here}/*.cpp ${here}/in/*.cpp ${here}/between/*.cpp ${here}/out/*.cpp
       ${here}/invocation/*.cpp ${here}/invocation/triggers/*.cpp)
  list(REMOVE_ITEM sources ${here}/plugin.cpp)
  add_library(sls_${kind}_core STATIC ${sources})
  target_include_directories(sls_${kind}_core PUBLIC ${here})
  target_link_libraries(sls_${kind}_core PUBLIC sls_sdk sls_codec ${ARG_LINK})
  add_library(sls_${kind}_door OBJECT plugin.cpp)
  target_link_libraries(sls_${kind}_door PUBLIC sls_${kind}_core)
  sls_add_plugin(${kind} SOURCES $<TARGET_OBJECTS:sls_${kind}_door> LINK sls_${kind}_core)
  set_target_properties(${kind} PROPERTIES LINKER_LANGUAGE CXX)
  sls_ship(${kind} FOLDER plugins)
endfunction()
