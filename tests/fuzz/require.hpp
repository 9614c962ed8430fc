// What a fuzzer says when a property does not hold: the place and the property, then the end.
#pragma once

#include <cstdio>
#include <cstdlib>

#define REQUIRE(property)                                                                \
  do {                                                                                   \
    if (!(property)) {                                                                   \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #property); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)
