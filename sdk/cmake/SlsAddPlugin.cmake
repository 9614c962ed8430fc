# sls_add_plugin(NAME SOURCES file… [LINK lib…] [OUTPUT folder] [SHARED_CXX]): a plugin as it has to be built: one
# exported symbol, hidden visibility, everything bound at load time, its own C++ library inside. The result is NAME.so.
# SHARED_CXX names the shared C++ library instead: for a plugin that links another C++ library that is shared.
function(sls_add_plugin name)
  cmake_parse_arguments(ARG "SHARED_CXX" "OUTPUT" "SOURCES;LINK" ${ARGN})
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE sls::sdk ${ARG_LINK})
  target_compile_features(${name} PRIVATE cxx_std_20)
  set_target_properties(${name} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden
                                           VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS ${script})
  if(ARG_OUTPUT)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT})
  endif()
  target_compile_options(${name} PRIVATE -ffunction-sections -fdata-sections)
  target_link_options(${name} PRIVATE -Wl,--version-script=${script} -Wl,-z,now -Wl,-z,relro
                                      -Wl,--gc-sections -Wl,--as-needed -Wl,--no-undefined-version)
  if(NOT ARG_SHARED_CXX AND NOT SLS_SANITIZE)
    sls_own_cxx_library(${name})
  endif()
endfunction()

# sls_own_cxx_library(TARGET): the C++ library inside, without what only says why a program ends.
function(sls_own_cxx_library target)
  target_link_options(${target} PRIVATE $<$<LINK_LANGUAGE:CXX>:-static-libstdc++ -static-libgcc>)
  get_target_property(sources ${target} SOURCES)
  if(sources MATCHES "\\.(cpp|cc|cxx)|TARGET_OBJECTS")
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/terminate.cpp)
  endif()
endfunction()

# sls_plugin_layer(NAME): the target NAME-layer packs NAME.so as a Lambda layer, NAME-layer.zip, in which it lies where
# the agent looks: /opt/serverless-agent/plugins.
function(sls_plugin_layer name)
  set(tree ${CMAKE_CURRENT_BINARY_DIR}/${name}-layer)
  add_custom_target(${name}-layer
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${tree} ${tree}.zip
    COMMAND ${CMAKE_COMMAND} -E make_directory ${tree}/serverless-agent/plugins
    COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${name}> ${tree}/serverless-agent/plugins
    COMMAND ${CMAKE_STRIP} ${tree}/serverless-agent/plugins/$<TARGET_FILE_NAME:${name}>
    COMMAND ${CMAKE_COMMAND} -E chdir ${tree} ${CMAKE_COMMAND} -E tar cf ${tree}.zip --format=zip serverless-agent
    DEPENDS ${name} COMMENT "Packing ${tree}.zip" VERBATIM)
endfunction()
