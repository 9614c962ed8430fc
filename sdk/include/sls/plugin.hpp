// The C++ face of the contract: write a plain class, name it in SLS_PLUGIN, and it is a plugin.
//
//   struct ErrorCount {
//     ErrorCount(sls::Host host, const sls::Sandbox&) : host_(host) {}
//     void on_telemetry(sls::Telemetry batch);
//     …
//   };
//   SLS_PLUGIN(ErrorCount, "acme-error-count", "1.0.0", "Counts error lines of the function.");
//
// The slots, all optional; each is called on one thread, never two at once (plugin.h has the rules):
//   void interests(sls::Interests&)                  what it wants; without it: the function's lines
//   void on_sandbox(const sls::Sandbox&)             a fact about the sandbox was learnt
//   void on_invocation(sls::Invocation)              a step of an invocation
//   void on_telemetry(sls::Telemetry)                a batch of records
//   std::span<sls_record> next_records()             records held back before and released now
//   sls::Response on_request(const sls::Request&)    a request on a route it asked for
//   void on_packets(const sls::Packets&)             datagrams or stream packets
//   void on_sample(const sls::Sample&)               somebody's measurement
//   void on_note(const sls::Note&)                   somebody's fact about an invocation
//   void on_tick(std::int64_t now_ns)
//   bool work()                                      one unit; false: nothing is left to do
//   bool next_payload(const sls::Flush&, sls::Payload&)   false: nothing (more) to hand out now
//   void on_delivery(const sls::Delivery&)           what became of a payload
//   sls::State state()                               how much was received, how much waits
//   const void* extension(std::string_view)          a named table of its own, or null
//
// Header-only; includes no streams and pulls in no library. One use per shared object.
#pragma once

#include <sls/door.hpp>

// SLS_PLUGIN_WITH(Type, {.id = …, .version = …, .about = …, .stage = …, .options = sls::option_table<Options>()})
#define SLS_PLUGIN_WITH(Type, ...)                                                                        \
  extern "C" SLS_EXPORT const sls_plugin* sls_plugin_v1(void) {                                           \
    static_assert(::sls::valid_id(::sls::About __VA_ARGS__.id), "a plugin's id is [a-z][a-z0-9-]{0,62}"); \
    static constexpr sls_plugin table = ::sls::table<Type>(::sls::About __VA_ARGS__);                     \
    return &table;                                                                                        \
  }                                                                                                       \
  static_assert(true)

#define SLS_PLUGIN(Type, id_, version_, about_) \
  SLS_PLUGIN_WITH(Type, {.id = (id_), .version = (version_), .about = (about_)})
