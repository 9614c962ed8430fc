"""The wall table: who may include whom, which words and libraries stay outside, and where the few exceptions live.

A new edge between rooms is a change of this file and so is visible in review. walls.py reads it; nothing else does.
A path is a file or, with a slash at its end, a folder.
"""

# ---- who includes whom -------------------------------------------------------------------------------------------
# area -> areas whose headers it may include besides its own. An area is a folder; the longest match counts.
AREAS = {
    "sdk/include/": [],
    "sdk/codec/": ["sdk/include/"],
    "sdk/check/": ["sdk/include/"],
    "sdk/template/": ["sdk/include/"],
    "sdk/examples/": ["sdk/include/"],
    "agent/base/": ["sdk/include/"],
    "agent/config/": ["agent/base/", "sdk/include/"],
    "agent/invocation/": ["agent/base/", "sdk/include/"],
    "agent/net/": ["agent/base/", "sdk/include/"],
    "agent/forward/": ["agent/base/", "agent/config/", "agent/net/", "sdk/include/"],
    "agent/plugin/": ["agent/base/", "agent/config/", "agent/invocation/", "sdk/include/"],
    "agent/lambda/": ["agent/base/", "agent/config/", "agent/invocation/", "agent/net/", "sdk/include/", "sdk/codec/"],
    "agent/lifecycle/": ["agent/base/", "agent/config/", "agent/invocation/", "agent/net/", "agent/forward/",
                         "agent/plugin/", "agent/lambda/", "sdk/include/"],
    "agent/routes/": ["agent/base/", "agent/config/", "agent/invocation/", "agent/net/", "agent/forward/",
                      "agent/plugin/", "agent/lambda/", "agent/lifecycle/", "sdk/include/"],
    # main.cpp, agent.*, commands.*: the wiring sees every room
    "agent/": ["agent/base/", "agent/config/", "agent/invocation/", "agent/net/", "agent/forward/", "agent/plugin/",
               "agent/lambda/", "agent/lifecycle/", "agent/routes/", "sdk/include/"],
    "plugins/logs/": ["sdk/include/", "sdk/codec/"],
    "plugins/metrics/": ["sdk/include/", "sdk/codec/"],
    "plugins/traces/": ["sdk/include/", "sdk/codec/"],
    # the intake decodes by code that is not the agent's encoder
    "tools/lab/": [],
}

# Where a quoted include is looked for, after the including file's own folder; {area} is the including area.
INCLUDE_ROOTS = ["agent/", "sdk/include/", "sdk/", "plugins/", "tools/", "{area}"]

# ---- third-party headers -----------------------------------------------------------------------------------------
# header prefix -> places that may include it. tools/lab and tests are free.
LIBRARIES = {
    "boost/asio/awaitable.hpp": ["agent/net/"],
    "boost/asio": ["agent/net/"],
    "boost/beast": ["agent/net/"],
    "boost/dll": ["agent/plugin/"],
    "openssl/": ["agent/net/"],
    "yaml.h": ["agent/config/yaml_source.cpp"],
    "zstd.h": ["agent/forward/"],
    "zlib.h": ["agent/forward/"],
    "re2/": ["sdk/codec/regex/"],
    "protozero/": ["sdk/codec/", "plugins/metrics/", "plugins/traces/"],
    "gtest/": ["sdk/template/"],  # a new plugin begins with a test
}
# In headers of agent/ no third party appears, but for this; a header of LIBRARY_HEADERS_INSIDE may show what its room
# uses, and then nobody outside that room may include it.
LIBRARIES_IN_HEADERS = {"agent/net/task.hpp": ["boost/asio/awaitable.hpp"]}
LIBRARY_HEADERS_INSIDE = ["agent/net/", "agent/config/", "agent/plugin/"]

# System headers. sdk/ and plugins/ open no sockets and no files, start no threads: the standard library alone.
SOCKET_HEADERS = ["sys/socket.h", "sys/un.h", "netinet/", "arpa/inet.h", "netdb.h", "poll.h", "sys/epoll.h",
                  "sys/eventfd.h", "net/"]
SYSTEM_HEADERS = {
    "agent/base/": ["poll.h"],
    "agent/": ["unistd.h", "fcntl.h", "errno.h", "sys/stat.h", "sys/types.h", "sys/resource.h", "sys/utsname.h",
               "sys/mman.h", "sys/uio.h", "limits.h", "signal.h", "time.h", "sys/time.h", "dirent.h", "sys/auxv.h"],
    "agent/net/": SOCKET_HEADERS + ["dlfcn.h", "sys/ioctl.h", "linux/"],
    "agent/plugin/": ["dlfcn.h", "link.h", "elf.h", "sys/syscall.h",
                      "sys/prctl.h"],  # resume: the name of the process after /proc/self/exe was run
    "plugins/metrics/": ["unistd.h"],  # sysconf, for /proc
    # /proc is folders and small files, read at each invocation: streams and their locales would cost more than the read
    "plugins/metrics/in/proc": ["fcntl.h", "dirent.h", "sys/stat.h", "sys/statvfs.h"],
    "sdk/codec/regex_library.cpp": ["dlfcn.h"],  # the regex engine is mapped when there is a pattern
    "sdk/include/sls/testing": ["sanitizer/"],
    "sdk/codec/": ["emmintrin.h", "immintrin.h", "cpuid.h", "arm_neon.h"],
}
# Standard headers that shipped code does without: start-up time and size.
SHIPPED_WITHOUT = ["iostream", "regex", "print", "format", "expected"]
SHIPPED = ["agent/", "plugins/", "sdk/include/", "sdk/codec/"]
# Standard headers that plugins do without: a plugin opens no files but those of /proc and starts no threads.
PLUGINS_WITHOUT = {"fstream": [], "filesystem": []}

# ---- threads -----------------------------------------------------------------------------------------------------
THREAD_HEADERS = ["thread", "mutex", "shared_mutex", "atomic", "condition_variable", "future", "semaphore", "latch",
                  "barrier", "stop_token", "pthread.h"]
THREAD_WORDS = r"\bstd::(?:j?thread|(?:recursive_|shared_)?(?:timed_)?mutex|atomic\w*|condition_variable|async)\b" \
               r"|\bpthread_\w+|\bthread_local\b|\bstrand\b"
THREADS_ALLOWED = ["agent/net/offload.hpp", "agent/net/offload.cpp"]

# ---- coroutines --------------------------------------------------------------------------------------------------
COROUTINES_ALLOWED = ["agent/net/", "agent/lambda/", "agent/lifecycle/", "agent/forward/sender.cpp"]

# ---- environment and clocks --------------------------------------------------------------------------------------
ENVIRONMENT_WORDS = r"\b(?:secure_)?getenv\b|\benviron\b|\b(?:set|unset|put)env\b"
# SSL_CERT_FILE and SSL_CERT_DIR are OpenSSL's own variables: who trusts the system's authorities is asked by them.
ENVIRONMENT_ALLOWED = ["agent/config/environment_source.cpp", "agent/net/tls/trust_store.cpp"]
CLOCK_WORDS = r"_clock::now\b|\bclock_gettime\b|\bgettimeofday\b|\bstd::time\s*\(|\btime\s*\(\s*(?:NULL|nullptr)"
CLOCK_ALLOWED = ["agent/base/clock.hpp", "agent/net/", "agent/plugin/"]  # I/O has timers; calls are timed
SLEEP_WORDS = r"\bsleep_for\b|\bu?sleep\s*\(|\bnanosleep\b"

# ---- words of a signal or a product, which may not stand in agent/ ----------------------------------------------
# In code and comments, regardless of case; std::span and <span> are not meant. Exceptions: file -> patterns.
PRODUCT_WORDS = [
    r"spans?", r"(?:trace|span|parent)_?ids?", r"trace[ _-]?(?:chunk|context)s?", r"traceparent",
    r"sampling[ _-]?priorit\w+",
    r"dogstatsd", r"statsd", r"sketch\w*", r"time ?series", r"series", r"histogram\w*", r"enhanced[ _-]metrics?",
    r"processing[ _-]rules?", r"log[ _-]rules?", r"mask_sequences", r"exclude_at_match", r"include_at_match",
    r"obfuscat\w*", r"inferred", r"apm_\w+", r"apm", r"logs_config\w*", r"logs_enabled", r"otlp\w*", r"opentelemetry",
    r"api/v0\.\d", r"api/v[12]", r"v0\.[2-7]", r"http-intake", r"intake\.(?:profile|logs)", r"trace\.agent",
    r"ddtags", r"ddsource", r"x-datadog-(?:trace|parent|sampling|span|tags)\S*", r"aws\.lambda", r"8125", r"8126",
    r"msgpack", r"messagepack", r"protobuf",
]
PRODUCT_WORDS_ALLOWED = {
    # the platform's own word: platform.report has a member "spans", whose durations everybody may want
    "agent/lambda/platform_facts.hpp": [r"spans?"],
    "agent/lambda/platform_facts.cpp": [r"spans?"],
    # the examples of an address in the comment of a face
    "agent/net/packet_server.hpp": [r"8125"],
    # names of others, which the warnings about unknown settings pass over
    "agent/config/foreign_names.hpp": [r".*"],
    "agent/config/foreign_names.cpp": [r".*"],
}

# ---- names and text ----------------------------------------------------------------------------------------------
FILE_NAME_WORDS = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "data", "info", "item", "impl"]
FILE_NAMES = ["processor", "handler", "service"]  # as the whole name
LINE_CHARACTERS_MAX = 120
LONG_LINES_ALLOWED = ["agent/base/limits.hpp", "sdk/include/sls/plugin.h"]  # tables: one row per line
MACHINE_PATHS = r"(?<![\w.~-])/(?:work|home|Users|root|mnt|workspace)/\w"

# ---- what is shipped ---------------------------------------------------------------------------------------------
# program or plugin -> libraries that it may name; what the loader maps before the first /next is what start-up costs.
SYSTEM_LIBRARIES = ["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libdl.so.2",
                    "libpthread.so.0"]
NEEDED_ALLOWED = {
    "serverless-agent": [],
    "lib/serverless-agent-tls.so": ["libssl.so.3", "libcrypto.so.3"],
    "plugins/logs.so": [],
    "lib/regex.so": ["libre2.so.9", "libstdc++.so.6", "libgcc_s.so.1"],  # mapped when there is a pattern
    "plugins/metrics.so": [],
    "plugins/traces.so": [],
}
