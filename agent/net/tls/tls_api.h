/* The door between the host and its TLS part, a shared object of its own: a table of C functions over plain bytes.
 *
 * No socket, no clock but the one that certificates are checked by, no exception and no C++ object passes. Called by
 * net/tls_library and net/tls_session on the loop; net/tls/openssl_tls.cpp is what lies behind. Texts are UTF-8 or
 * escaped ASCII, ended by a zero, and never hold a secret. */
#ifndef SLS_NET_TLS_API_H
#define SLS_NET_TLS_API_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The name of the one symbol: a function without arguments that returns the table. */
#define SLS_TLS_ENTRY "sls_tls_v1"
#define SLS_TLS_VERSION 1u

typedef struct sls_tls_context sls_tls_context; /* whom to trust, and how */
typedef struct sls_tls_session sls_tls_session; /* one connection */

enum {
  SLS_TLS_OK = 0,
  SLS_TLS_WANTS_INPUT = 1, /* send what is pending, then feed() */
  SLS_TLS_ENDED = 2,       /* the peer has said that nothing more comes */
  SLS_TLS_CUT = 3,         /* the bytes ended without the peer having said so */
  SLS_TLS_DENIED = 4,      /* the peer's certificate is not good; error() says why */
  SLS_TLS_FAILED = 5       /* error() says why */
};

typedef struct sls_tls_api {
  uint32_t version;

  /* NULL: it cannot be made, and `text` says why. Otherwise `text` is empty, or says why `extra_ca_file` (NULL: none)
   * is not used. The system's authorities are trusted in any case; `verify` 0 trusts everybody. */
  sls_tls_context* (*open_context)(const char* extra_ca_file, int verify, char* text, size_t text_bytes);
  void (*free_context)(sls_tls_context* context);

  /* `host`: a name or an address, which the peer's certificate must be made out for. NULL: no memory. The context
   * outlives its sessions. */
  sls_tls_session* (*open_session)(sls_tls_context* context, const char* host);
  void (*free_session)(sls_tls_session* session);

  /* What came from the peer; 0 bytes: its end. */
  int (*feed)(sls_tls_session* session, const void* bytes, size_t count);
  /* What has to be sent, as a whole, before sent() is called; valid until then. */
  size_t (*pending)(sls_tls_session* session, const char** bytes);
  void (*sent)(sls_tls_session* session);

  int (*handshake)(sls_tls_session* session);
  /* Takes all of `bytes` where it returns SLS_TLS_OK. */
  int (*write)(sls_tls_session* session, const void* bytes, size_t count);
  /* At least one byte where it returns SLS_TLS_OK. */
  int (*read)(sls_tls_session* session, void* room, size_t room_bytes, size_t* count);
  /* Says to the peer that nothing more comes. */
  void (*end)(sls_tls_session* session);
  const char* (*error)(const sls_tls_session* session);
} sls_tls_api;

#ifdef __cplusplus
}
#endif
#endif
