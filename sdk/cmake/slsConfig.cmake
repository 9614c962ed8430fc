# find_package(sls): the targets sls::sdk (headers) and sls::codec, and the function sls_add_plugin.
include(${CMAKE_CURRENT_LIST_DIR}/slsTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/SlsAddPlugin.cmake)
