# What the distribution gives us. Boost's Asio and Beast are compiled once (agent/net/boost_sources.cpp).

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(ZLIB REQUIRED)

# A static archive where there is one: the host maps as few libraries as it can before its first /next (docs/decisions).
function(sls_archive target archive)
  find_library(SLS_${target}_ARCHIVE NAMES ${archive})
  if(NOT SLS_${target}_ARCHIVE)
    message(FATAL_ERROR "${archive} is missing: run ./dev setup")
  endif()
  add_library(${target} INTERFACE)
  target_link_libraries(${target} INTERFACE ${SLS_${target}_ARCHIVE})
endfunction()
sls_archive(sls_yaml libyaml.a)
sls_archive(sls_zstd libzstd.a)
sls_archive(sls_zlib libz.a)

add_library(sls_boost INTERFACE)
target_link_libraries(sls_boost INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(sls_boost INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_DATE_TIME BOOST_DLL_USE_STD_FS BOOST_ASIO_DISABLE_FENCED_BLOCK)
