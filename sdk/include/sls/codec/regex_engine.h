/* The door between the regex codec (sls/codec/regex.hpp) and its engine, a shared object that is opened only where
 * there is a pattern (docs/decisions/0030). C functions and plain types only: plugin and engine may use different C++
 * libraries. Plugins do not call it; they use the codec. A plugin may be older than the engine, so the table says how
 * large it is and only grows. No function throws or keeps what it gets. */
#ifndef SLS_CODEC_REGEX_ENGINE_H
#define SLS_CODEC_REGEX_ENGINE_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define SLS_REGEX_ENTRY "sls_regex_engine_v1"

typedef struct sls_regex_group {
  ptrdiff_t begin, end;
} sls_regex_group; /* begin < 0: took no part */

typedef struct sls_regex_engine {
  size_t size; /* of this struct */
  /* NULL: not usable, `error` (error_bytes large, always terminated) says why */
  void* (*compile)(const char* pattern, size_t length, int64_t memory_bytes, char* error, size_t error_bytes);
  void (*destroy)(void* regex);
  int (*groups)(const void* regex); /* capturing groups, the whole match not counted */
  int (*group_named)(const void* regex, const char* name, size_t length); /* -1: unknown */
  /* 1: found; fills `count` groups, of which those that the pattern does not have get begin -1 */
  int (*search)(const void* regex, const char* text, size_t length, size_t from, sls_regex_group* groups, int count);
} sls_regex_engine;

const sls_regex_engine* sls_regex_engine_v1(void);

#ifdef __cplusplus
}
#endif
#endif
