# sls_add_plugin(NAME SOURCES file… [LINK lib…]): a plugin as it has to be built: one exported symbol, hidden
# visibility, everything bound at load time. The result is NAME.so.
set(SLS_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

function(sls_add_plugin name)
  cmake_parse_arguments(ARG "" "OUTPUT" "SOURCES;LINK" ${ARGN})
  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE sls_sdk ${ARG_LINK})
  set_target_properties(${name} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden
                                           VISIBILITY_INLINES_HIDDEN ON)
  target_link_options(${name} PRIVATE -Wl,--version-script=${SLS_VERSION_SCRIPT} -Wl,-z,now -Wl,-z,relro
                                      -Wl,--gc-sections -Wl,--as-needed -Wl,--no-undefined-version)
  set_target_properties(${name} PROPERTIES LINK_DEPENDS ${SLS_VERSION_SCRIPT})
endfunction()
