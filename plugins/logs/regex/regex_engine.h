/* The door between the logs plugin and its regex engine, a shared object that is opened only where there are
 * rules. C functions and plain types only: plugin and engine may use different C++ libraries. It is private to
 * this plugin: both sides are built and shipped together, so the structs carry no sizes. No function throws or
 * keeps what it gets. */
#ifndef LOGS_REGEX_ENGINE_H
#define LOGS_REGEX_ENGINE_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define LOGS_REGEX_ENTRY "logs_regex_engine_v1"

typedef struct logs_regex_span {
  ptrdiff_t begin, end;
} logs_regex_span; /* begin < 0: took no part */

typedef struct logs_regex_engine {
  /* NULL: not usable, `error` (error_bytes large, always terminated) says why */
  void* (*compile)(const char* pattern, size_t length, int64_t memory_bytes, char* error, size_t error_bytes);
  void (*destroy)(void* regex);
  int (*groups)(const void* regex); /* capturing groups, the whole match not counted */
  int (*group_named)(const void* regex, const char* name, size_t length); /* -1: unknown */
  /* 1: found; fills `count` spans, of which those beyond the groups get begin -1 */
  int (*search)(const void* regex, const char* text, size_t length, size_t from, logs_regex_span* spans, int count);
} logs_regex_engine;

const logs_regex_engine* logs_regex_engine_v1(void);

#ifdef __cplusplus
}
#endif
#endif
