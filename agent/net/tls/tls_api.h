/* The table between the host and serverless-agent-tls.so: TLS without sockets, in C.
 *
 * Bytes from the peer go in by feed(), bytes for the peer come out by take(); in between a handshake and plain bytes.
 * No exception, no C++ object and no memory that the other side frees crosses it. Private to agent/net: both sides are
 * built together, and the version is in the symbol's name. */
#ifndef AGENT_NET_TLS_API_H
#define AGENT_NET_TLS_API_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct agent_tls_context agent_tls_context; /* how peers are verified */
typedef struct agent_tls_session agent_tls_session; /* one connection */

enum { AGENT_TLS_MORE = 0, AGENT_TLS_FAILED = -1, AGENT_TLS_DENIED = -2, AGENT_TLS_ENDED = -3 };

typedef struct agent_tls_api {
  uint32_t size;
  /* NULL: failed. `text` is not empty after a success: `ca_file` was not usable, the system's store is used alone. */
  agent_tls_context* (*context_create)(const char* ca_file, int verify, char* text, size_t text_size);
  void (*context_destroy)(agent_tls_context*);
  /* `host` is the name or the IP address that the certificate has to be for. */
  agent_tls_session* (*session_create)(agent_tls_context*, const char* host);
  void (*session_destroy)(agent_tls_session*);
  void (*feed)(agent_tls_session*, const char* bytes, size_t count);
  size_t (*take)(agent_tls_session*, char* room, size_t count); /* 0: nothing */
  int (*handshake)(agent_tls_session*);                         /* 1: done; MORE, FAILED; DENIED: the certificate */
  long (*write)(agent_tls_session*, const char* bytes, size_t count); /* bytes taken in, or FAILED */
  long (*read)(agent_tls_session*, char* room, size_t count);         /* bytes; MORE, FAILED, ENDED */
  const char* (*error)(agent_tls_session*);                           /* why the last call failed */
} agent_tls_api;

#define AGENT_TLS_ENTRY "agent_tls_v1"
const agent_tls_api* agent_tls_v1(void);

#ifdef __cplusplus
}
#endif
#endif
