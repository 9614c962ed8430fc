/* The contract between the serverless agent (the host) and its pipeline plugins.
 *
 * Push in, pull out. The host owns every socket, timer, thread, retry and secret. It calls a plugin with borrowed
 * views of what arrived; the plugin understands them and keeps what it needs in bounded memory; when the host
 * flushes, it pulls payloads until the plugin says SLS_EMPTY. Small facts (counts, samples, notes) are posted to the
 * host: copied, bounded, and delivered to others after the running call has returned.
 *
 * The rules in short; sdk/README.md has them with their reasons:
 *   - One exported symbol, sls_plugin_v1, returns a static table. No other symbol is exported.
 *   - Every struct that may grow begins with its `size`; what lies beyond it is absent. Members are only appended.
 *   - [loop] All calls, in both directions, come on one thread, never two at once, never re-entered.
 *   - Everything is borrowed. What the host passes dies when the call returns. What a plugin hands out lives until
 *     the host's next call of that plugin (a replaced text: until its next on_telemetry or next_records; what
 *     `interests` named: until destroy).
 *   - Of an out-struct the host sets `size` before the call; a plugin writes nothing beyond it.
 *   - No exception may leave a plugin. A NULL slot means: not interested.
 *   - A call is small: 5 ms plus 10 ms per MB that was passed. What can be large is cut into units of `work`.
 *
 * C99 and C++; fixed-width types, no implicit padding; nothing is included but <stddef.h> and <stdint.h>. */
#ifndef SLS_PLUGIN_H
#define SLS_PLUGIN_H
/* clang-format off */
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define SLS_ABI_MINOR 0u
#define SLS_ENTRY "sls_plugin_v1" /* the major version is in the symbol's name */

#if defined(__GNUC__)
#define SLS_EXPORT __attribute__((visibility("default")))
#else
#define SLS_EXPORT
#endif

/* Bytes, not NUL-terminated. `data` may be NULL when `len` is 0. Texts are UTF-8 unless a member says otherwise. */
typedef struct sls_str { const char* data; size_t len; } sls_str;
typedef struct sls_pair { sls_str key; sls_str value; } sls_pair;
typedef struct sls_pairs { const sls_pair* items; size_t count; } sls_pairs;

typedef int32_t sls_status;
enum {
  SLS_OK = 0,
  SLS_EMPTY = 1,           /* nothing (more) to do or to hand out */
  SLS_E_INVALID = -1,      /* what was passed is not usable */
  SLS_E_UNSUPPORTED = -2,
  SLS_E_FULL = -3,         /* a bound was reached; what was passed was dropped and counted by the plugin */
  SLS_E_FAILED = -4,
  SLS_E_EXCEPTION = -5     /* the C++ face caught one */
};

/* ---- what a plugin is: read before anything of it runs ------------------------------------------------------ */

enum {
  SLS_OPTION_SECRET = 1u,  /* the value is shown nowhere */
  SLS_OPTION_ENABLES = 2u, /* bool: the plugin is on when one of these that are set is true, else by their fallback */
  SLS_OPTION_PROTECTS = 4u /* withholds data; when its source cannot be read the plugin is told (sls_sandbox.unreadable) */
};

/* One row of a settings table; the host's own settings are rows of the same type. All texts live as long as the library. */
typedef struct sls_option {
  uint32_t size, flags;
  sls_str key;      /* "processing_rules" */
  sls_str yaml;     /* dotted paths, first wins, separated by '|'; empty: plugins.<id>.<key> */
  sls_str env;      /* variable names, first wins, separated by '|'; empty: DD_PLUGINS_<ID>_<KEY> */
  sls_str type;     /* bool int uint float string string_or_int duration_s duration_us csv key_values list map json */
  sls_str fallback, minimum, maximum; /* as text; empty: none */
  sls_str about;    /* one sentence, for the generated reference */
} sls_option;

/* ---- what the host tells ------------------------------------------------------------------------------------ */

/* The execution environment; a new generation comes through on_sandbox when a fact is learnt. */
typedef struct sls_sandbox {
  uint32_t size, generation;
  sls_str function_name, function_arn, function_version, region, account_id, runtime, architecture, init_type;
  uint32_t memory_mb, managed_instance;
  sls_pairs tags;       /* the host's tag set, resolved */
  sls_pairs options;    /* key -> value of every declared option that has one: canonical text (true/false, decimal numbers,
                           seconds or microseconds for durations); JSON for csv (an array of strings), key_values (an
                           array of "k:v" strings), list, map and json */
  sls_pairs origins;    /* key -> where that value comes from: "/var/task/datadog.yaml:12:5", "DD_X", "default" */
  sls_pairs unreadable; /* key -> why: options marked PROTECTS whose source was there and could not be read */
  sls_str env, service, version, site; /* the unified service tags, the intake's site */
} sls_sandbox;

enum {
  SLS_RECORD_FUNCTION = 1, SLS_RECORD_EXTENSION, SLS_RECORD_INIT_START, SLS_RECORD_INIT_RUNTIME_DONE,
  SLS_RECORD_INIT_REPORT, SLS_RECORD_START, SLS_RECORD_RUNTIME_DONE, SLS_RECORD_REPORT, SLS_RECORD_RESTORE_START,
  SLS_RECORD_RESTORE_RUNTIME_DONE, SLS_RECORD_RESTORE_REPORT, SLS_RECORD_LOGS_DROPPED, SLS_RECORD_OTHER
};
enum { SLS_RECORD_DROP = 1u }; /* not to be shipped; what counts still sees the record */

/* One element of a Telemetry API batch. */
typedef struct sls_record {
  uint32_t kind, flags; /* flags: a plugin may set SLS_RECORD_DROP */
  int64_t time_ns;      /* the event's own time, wall clock */
  sls_str type;         /* as it came: "function", "platform.start", … */
  sls_str request_id;   /* its own (a JSON log's too) or that of the invocation it falls into; empty: not known (yet) */
  sls_str json;         /* the "record" member as it came; empty once a text was replaced */
  sls_str text;         /* function, extension: the log text (of an object: its compact JSON); empty data pointer: none.
                           A plugin may point it at bytes of its own */
} sls_record;
typedef struct sls_telemetry {
  uint32_t size, stride; /* stride: distance of two records in bytes */
  size_t count;
  sls_record* records;
  int64_t now_ns;
} sls_telemetry;

enum { SLS_INVOKE = 1, SLS_TRACER_START, SLS_TRACER_END, SLS_DONE, SLS_REPORTED, SLS_SHUTDOWN };

/* A step of one invocation. Members that the event does not concern hold what is known so far; absent: empty, 0, negative. */
typedef struct sls_invocation {
  uint32_t size, event;
  sls_str request_id, function_arn;
  sls_pairs headers;                             /* tracer start, tracer end: of the HTTP request */
  sls_str payload;                               /* tracer start: the event; tracer end: the response */
  sls_str status, error_type, shutdown_reason;   /* done, reported; shutdown */
  uint32_t cold_start, proactive_init;
  int64_t start_ns, end_ns, deadline_ns, now_ns; /* wall clock; 0: not known */
  double duration_ms, billed_ms, init_ms;        /* negative: not known */
  uint64_t produced_bytes;
  uint32_t memory_mb, memory_used_mb;
  sls_pairs reply;                               /* OUT, tracer start: headers for the answer; the plugin's bytes */
} sls_invocation;

/* 64 readable bytes lie behind every body, payload and packet, for parsers that read in blocks. */
typedef struct sls_request {
  uint32_t size, route; /* route: index into what `interests` returned */
  sls_str method, path, query;
  sls_pairs headers;
  sls_str body;
  int64_t now_ns;
} sls_request;
typedef struct sls_response { uint32_t size, status; sls_pairs headers; sls_str body; } sls_response;

typedef struct sls_packets {
  uint32_t size, socket; /* socket: index into what `interests` returned */
  size_t count;
  const sls_str* packets;
  int64_t now_ns;
} sls_packets;

/* ---- what a plugin asks for, once, after create ------------------------------------------------------------- */

/* A route: address "127.0.0.1:8126" or "unix:///run/http.sock", methods "POST|PUT", path "/v0.4/traces" (may end in
 * '*'). A larger body than body_bytes_max (0: the host's limit) is answered 413 by the host. */
typedef struct sls_route { uint32_t size, flags; sls_str address, method, path; uint64_t body_bytes_max; } sls_route;

enum { SLS_DATAGRAM = 0, SLS_STREAM_LINES, SLS_STREAM_LE32 };
/* "udp://127.0.0.1:8125", "unixgram:///run/dsd.sock", "unix:///run/dsd.stream" */
typedef struct sls_socket { uint32_t size, framing; sls_str address; uint32_t receive_buffer_bytes, packet_bytes_max; } sls_socket;

typedef struct sls_endpoint { sls_str url, api_key; } sls_endpoint; /* "https://http-intake.logs.{site}"; empty key: the host's */
/* Where payloads go: endpoints[0] is the primary and decides on the ledger, the others get copies. */
typedef struct sls_intake {
  uint32_t size, flags;
  sls_str name;
  const sls_endpoint* endpoints;
  size_t endpoint_count;
} sls_intake;

enum { SLS_TICK_ALWAYS = 0, SLS_TICK_WHILE_INVOKED };
typedef struct sls_interests {
  uint32_t size, telemetry_kinds;                /* bit (1u << SLS_RECORD_*): subscribe to these */
  uint32_t telemetry_kinds_optional, tick_when;  /* wanted only if they come anyway */
  const sls_route* routes; size_t route_count;
  const sls_socket* sockets; size_t socket_count;
  const sls_intake* intakes; size_t intake_count;
  int64_t tick_ns;                               /* 0: no ticks */
} sls_interests;

/* ---- what a plugin hands out, when the host asks -------------------------------------------------------------- */

enum { SLS_FLUSH_PERIODIC = 1, SLS_FLUSH_INVOCATION_END, SLS_FLUSH_SHUTDOWN };
typedef struct sls_flush { uint32_t size, reason; int64_t now_ns, deadline_ns; } sls_flush;

enum { SLS_COMPRESS_NONE = 0, SLS_COMPRESS_ZSTD, SLS_COMPRESS_GZIP };
enum { SLS_AUTH_NONE = 0, SLS_AUTH_API_KEY, SLS_AUTH_API_AND_APP_KEY };
/* A part is the smallest unit that can be sent or dropped alone; `items` counts the units of `state.received` in it. */
typedef struct sls_part { sls_str bytes; uint64_t items; } sls_part;
typedef struct sls_payload {
  uint32_t size, intake;            /* intake: index into what `interests` returned */
  uint32_t compress, auth;
  int32_t level;                    /* of compression; 0: the host's */
  uint32_t flags;
  sls_str url;                      /* not empty: instead of the intake's primary base, "https://{site}…"; the key rule holds */
  sls_str method, path, content_type;
  sls_pairs headers;
  sls_str prefix, separator, suffix; /* body = prefix, parts joined by separator, suffix */
  const sls_part* parts; size_t part_count;
  uint64_t compressed_bytes_max;    /* 0: no limit but the host's */
  uint64_t cookie;                  /* given back in on_delivery */
} sls_payload;

enum { SLS_DELIVERED = 1, SLS_REJECTED, SLS_EXPIRED, SLS_DROPPED };
typedef struct sls_delivery { uint32_t size, outcome; uint64_t cookie, items; int32_t http_status; uint32_t attempts; } sls_delivery;

/* received counts what came in since create; pending what still waits inside the plugin, in the units of sls_part.items:
 * received = handed out + dropped (counters named "dropped.") + pending_items, at any moment. Bytes that nobody has
 * counted yet are pending_bytes without items. A plugin that edits or holds records is answerable for those that it
 * dropped and those that it holds; what next_records released has left its account. */
typedef struct sls_state { uint32_t size, flags; uint64_t received, pending_items, pending_bytes; } sls_state;

/* ---- facts that plugins post; queued, bounded, delivered after the running call ------------------------------- */

enum { SLS_COUNT = 1, SLS_GAUGE, SLS_DISTRIBUTION };
typedef struct sls_sample { uint32_t size, type; sls_str name; double value; int64_t time_ns; sls_pairs tags; } sls_sample;
typedef struct sls_note { uint32_t size, flags; sls_str request_id, key, value; } sls_note;

/* ---- the two tables --------------------------------------------------------------------------------------------- */

enum { SLS_LOG_ERROR = 1, SLS_LOG_WARN, SLS_LOG_INFO, SLS_LOG_DEBUG };

/* What the host offers. [loop] on every function. Lives until destroy has returned. */
typedef struct sls_host sls_host;
struct sls_host {
  uint32_t size, abi_minor;
  const int32_t* log_level;                                             /* read it before formatting */
  void (*log)(const sls_host*, int32_t level, sls_str text);            /* never from the path of a log record */
  uint32_t (*counter)(const sls_host*, sls_str name);                   /* in create: "dropped.too_large" -> a handle;
                                                                           names that begin "dropped." count in the ledger */
  void (*count)(const sls_host*, uint32_t counter, uint64_t n);
  void (*sample)(const sls_host*, const sls_sample*);                   /* to whichever plugin takes samples */
  void (*note)(const sls_host*, const sls_note*);                       /* a fact about an invocation, to the other plugins */
  const void* (*extension)(const sls_host*, sls_str id);                /* a named, size-prefixed table, or NULL */
};

enum { SLS_STAGE_CONSUME = 0, SLS_STAGE_EDIT };

typedef struct sls_plugin {
  uint32_t size, abi_minor_needed;
  uint32_t stage, flags;
  sls_str id, version, about;                                           /* id: [a-z][a-z0-9-]{0,62} */
  const sls_option* options; size_t option_count;
  sls_status (*create)(const sls_host*, const sls_sandbox*, void** self);
  void (*destroy)(void* self);
  sls_status (*interests)(void* self, sls_interests* out);
  sls_status (*on_sandbox)(void* self, const sls_sandbox*);
  sls_status (*on_invocation)(void* self, sls_invocation*);
  sls_status (*on_telemetry)(void* self, sls_telemetry*);
  sls_status (*next_records)(void* self, sls_telemetry* out);           /* SLS_EMPTY: nothing to release */
  sls_status (*on_request)(void* self, const sls_request*, sls_response* out);
  sls_status (*on_packets)(void* self, const sls_packets*);
  sls_status (*on_sample)(void* self, const sls_sample*);
  sls_status (*on_note)(void* self, const sls_note*);
  sls_status (*on_tick)(void* self, int64_t now_ns);
  sls_status (*work)(void* self);                                       /* one unit; SLS_EMPTY: nothing left to do */
  sls_status (*next_payload)(void* self, const sls_flush*, sls_payload* out); /* SLS_EMPTY: nothing (more) now */
  sls_status (*on_delivery)(void* self, const sls_delivery*);
  sls_status (*state)(void* self, sls_state* out);
  const void* (*extension)(void* self, sls_str id);
} sls_plugin;

/* The one exported symbol. */
SLS_EXPORT const sls_plugin* sls_plugin_v1(void);

#ifdef __cplusplus
}
#endif
#endif
