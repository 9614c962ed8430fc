// Every limit of the host: its name with its unit, its value, and what happens there. docs/limits.md is made from the
// comments below (tools/docs), one `kName = value;  // what happens at the limit` per line.
#pragma once
// clang-format off

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace agent::limits {

using namespace std::chrono_literals;

// counters
inline constexpr std::size_t kCountersPerOwnerMax = 256;  // further names count on the owner's counter "other"

// configuration
inline constexpr std::size_t kYamlBytesMax = 2 << 20;      // a larger datadog.yaml is refused whole, with an ERROR; the environment applies
inline constexpr std::size_t kYamlTextBytesMax = 4 << 20;  // the same, for the texts after aliases are followed
inline constexpr std::size_t kYamlScanBytesMax = 16 << 20;  // so much of a larger file is looked through for settings that protect data; beyond: counts as holding them
inline constexpr std::size_t kYamlNodesMax = 200'000;      // the same, for the nodes after aliases are followed
inline constexpr std::size_t kYamlDepthMax = 64;           // the same, for nesting
inline constexpr std::size_t kUserTagsMax = 1000;          // tags and extra_tags together; those beyond are left out, with a WARN
inline constexpr std::size_t kScrubBytesMax = 64 << 20;    // the command scrub refuses a larger text, with exit code 1
inline constexpr std::size_t kFindingsShownMax = 50;       // further findings about settings are only counted

// HTTP servers
inline constexpr std::size_t kHttpHeaderBytesMax = 64 << 10;          // 431, the connection is closed
inline constexpr std::size_t kHttpBodyBytesMax = 64 << 20;            // the most that a route may ask for; 413
inline constexpr std::size_t kLifecycleBodyBytesMax = 6'291'456;      // start-, end-invocation: the body counts as empty, headers are honoured
inline constexpr std::size_t kTelemetryBodyBytesMax = 16 << 20;       // 200, the batch is dropped and counted (another status would be sent again)
inline constexpr std::chrono::nanoseconds kHttpReadTimeout = 30s;     // a request that takes longer: 408, closed
inline constexpr std::chrono::nanoseconds kHttpIdleTimeout = 1h;      // an idle keep-alive connection is closed (also when descriptors run short)
inline constexpr std::size_t kHttpConnectionsMax = 512;               // per server; the one that was idle longest is closed for a new one

// packets
inline constexpr std::size_t kPacketsPerBatchMax = 64;                // datagrams handed to a plugin in one call
inline constexpr std::size_t kPacketConnectionsMax = 64;              // per unix stream socket; the one that was quiet longest is closed for a new one
inline constexpr std::size_t kPacketBytesMax = 65'535;                // the most that a plugin may ask for

// platform
inline constexpr std::chrono::nanoseconds kRegisterTimeout = 9s;      // the platform ends an init phase after 10 s: exit 1
inline constexpr std::chrono::nanoseconds kSubscribeTimeout = 2s;     // counts as refused
inline constexpr std::chrono::nanoseconds kNextBackoffMin = 10ms;     // /next failed: tried again, doubling …
inline constexpr std::chrono::nanoseconds kNextBackoffMax = 1s;       // … up to this
inline constexpr std::chrono::nanoseconds kDeadlineMargin = 100ms;    // before an invocation's deadline the agent asks for the next event
inline constexpr std::chrono::nanoseconds kShutdownMargin = 300ms;    // before SHUTDOWN's deadline the last flush ends
inline constexpr std::chrono::nanoseconds kSpoolMargin = 200ms;       // … and nothing more is chosen for the spool file, so that it is written in time
inline constexpr std::chrono::nanoseconds kSignalGrace = 2s;          // SIGTERM, SIGINT, SIGHUP: as SHUTDOWN with this deadline
inline constexpr std::chrono::nanoseconds kLateTelemetryWait = 100ms; // after SHUTDOWN, telemetry that is still on its way is taken in
inline constexpr std::chrono::nanoseconds kFreezeGap = 1s;            // /next took longer: connections from before are not trusted …
inline constexpr std::chrono::nanoseconds kClockDrift = 50ms;         // … nor when the wall clock ran ahead of the steady one by this

// invocations
inline constexpr std::size_t kInvocationsMax = 500;                   // the oldest is closed as it stands
inline constexpr std::size_t kInvocationPayloadBytesMax = 1 << 20;    // payloads kept for SHUTDOWN, all records together; older ones are let go

// plugins
inline constexpr std::size_t kPluginsMax = 64;                        // further files are refused with an ERROR
inline constexpr std::chrono::nanoseconds kCallBudget = 5ms;          // a slower call counts as slow …
inline constexpr std::chrono::nanoseconds kCallBudgetPerMb = 10ms;    // … plus this for each MB passed
inline constexpr std::size_t kSlowCallsMax = 20;                      // more slow calls than this: quarantine
inline constexpr std::chrono::nanoseconds kSlowCallsTimeMax = 2s;     // slow calls of more than this in sum: quarantine
inline constexpr std::size_t kFailedCallsMax = 20;                    // more failed calls than this: quarantine
inline constexpr std::chrono::nanoseconds kWatchdogTick = 1s;         // so often calls are looked at while there are any
inline constexpr std::chrono::nanoseconds kCallHangTime = 5s;         // a call that takes longer and …
inline constexpr std::chrono::nanoseconds kCallHangCpu = 1s;          // … has used so much CPU never returns: the agent resumes itself
inline constexpr std::chrono::nanoseconds kCallBlockedTime = 10s;     // the same, whatever CPU it has used
inline constexpr unsigned kPluginFaultsMax = 2;                       // crashes and hangs of a plugin; then it is out for this sandbox
inline constexpr unsigned kHostFaultsMax = 3;                         // crashes of the agent itself; then it only asks for events (twice as many: it ends)
inline constexpr std::size_t kPostedFactsMax = 4096;                  // samples and notes waiting for delivery; further ones are dropped and counted
inline constexpr std::size_t kPayloadsPerFlushMax = 10'000;           // next_payload calls per plugin and flush; the rest waits

// delivery
inline constexpr std::size_t kForwardBytesMax = 32 << 20;             // waiting to be sent; the host stops pulling, data stays in the plugins
inline constexpr std::size_t kPayloadBytesMax = 64 << 20;             // a single body before compression; dropped as too_large
inline constexpr std::size_t kResponseBytesMax = 64 << 10;            // of an intake's answer, read and let go; a longer one closes the connection
inline constexpr std::size_t kConnectionsPerEndpointMax = 4;          // requests in flight to one endpoint
inline constexpr std::size_t kOffloadBytesMin = 64 << 10;             // bodies from this size on are compressed on the worker thread
inline constexpr unsigned kAttemptsPerFlush = 3;                      // then the payload waits for the next flush
inline constexpr std::chrono::nanoseconds kFlushTimerMin = 100ms;      // timers flush no more often than this, whatever the flush strategy says
inline constexpr std::chrono::nanoseconds kFlushHold = 2s;            // the longest that a flush holds one invocation
inline constexpr std::chrono::nanoseconds kFlushHoldMin = 250ms;      // what a flush may still hold for unanswered requests when earlier ones have used kFlushHold up; each answer gives as much back
inline constexpr std::chrono::nanoseconds kStaleFlight = 1s;          // a request that has had no answer for so long at the last flush is given up and sent again (maybe_duplicate)
inline constexpr std::chrono::nanoseconds kMuteAfter = 500ms;         // no answer for so long when a flush stops waiting: the endpoint is mute, its breaker opens
inline constexpr std::chrono::nanoseconds kProbeHold = 50ms;          // a probe of an endpoint that failed at once before holds a flush no longer; then it is mute
inline constexpr std::chrono::nanoseconds kBackoffMin = 1s;           // an endpoint that fails rests, doubling with each failed probe …
inline constexpr std::chrono::nanoseconds kBackoffMax = 300s;         // … up to this
inline constexpr unsigned kPoisonAttemptsMax = 10;                    // a payload that fails again so often, each time after another one got through: dropped as expired
inline constexpr std::chrono::nanoseconds kPayloadAgeMax = 18h;       // waited longer: dropped as expired (intakes take nothing older)
inline constexpr std::size_t kSpoolBytesMax = 4 << 20;                // of the file that keeps what waits at SHUTDOWN; what does not fit is dropped as shutdown, the newest first
inline constexpr std::chrono::nanoseconds kRetryAfterMax = 300s;      // a longer Retry-After counts as this
inline constexpr std::size_t kCopyBytesMax = 4 << 20;                 // waiting for one additional endpoint; its oldest copies are dropped, counted as additional.dropped.full
inline constexpr std::size_t kLanesMax = 64;                          // further paths of an endpoint share a lane
inline constexpr std::chrono::nanoseconds kConnectTimeout = 2s;       // per attempt
inline constexpr std::chrono::nanoseconds kConnectionIdleMax = 4s;    // an older idle connection is not used again

}  // namespace agent::limits
