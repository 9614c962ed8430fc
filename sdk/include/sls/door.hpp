// From a plain class to the C table: finds the slots that a class has, and lets no exception out of any of them.
//
// A slot is there when the class has a member function of that name; the right name with a wrong signature does not
// compile, and the message shows what is expected. A slot that is not there stays NULL and costs nothing. What is
// thrown becomes SLS_E_EXCEPTION, and its text is logged once per slot, so that a fault in a hot path floods nothing.
//
// Used by SLS_PLUGIN (sls/plugin.hpp) and by sls/testing.hpp.
#pragma once

#include <sls/answers.hpp>
#include <sls/host.hpp>

#include <algorithm>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <type_traits>

namespace sls {

enum class Stage : std::uint32_t { consume = SLS_STAGE_CONSUME, edit = SLS_STAGE_EDIT };

// What a plugin says about itself before anything of it runs. All texts live as long as the library.
struct About {
  std::string_view id, version, about;
  Stage stage = Stage::consume;
  std::span<const sls_option> options{};
  std::uint32_t abi_minor_needed = 0;
};

// Thrown by a constructor that cannot work: the plugin stays out, and the sentence is its one ERROR.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// [a-z][a-z0-9-]{0,62}
constexpr bool valid_id(std::string_view id) {
  if (id.empty() || id.size() > 63 || id[0] < 'a' || id[0] > 'z') return false;
  for (char c : id)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  return true;
}

namespace detail {

// A name is there, whatever it is (also private, overloaded or data), when a second base makes it ambiguous.
#define SLS_DETAIL_SLOT(slot, Result, ...)                                                                        \
  struct slot##_name {                                                                                            \
    int slot;                                                                                                     \
  };                                                                                                              \
  template <class P>                                                                                              \
  struct slot##_both : P, slot##_name {};                                                                         \
  template <class P>                                                                                              \
  struct slot##_slot {                                                                                            \
    template <class... Args>                                                                                      \
    static constexpr bool fits = requires(P & plugin, Args... args) {                                             \
      { plugin.slot(args...) } -> std::same_as<Result>;                                                           \
    };                                                                                                            \
    static constexpr bool named = !requires { &slot##_both<P>::slot; };                                           \
    static constexpr bool right = named && fits<__VA_ARGS__>;                                                     \
    static_assert(!named || right,                                                                                \
                  "this slot is public and has exactly this signature: " #Result " " #slot "(" #__VA_ARGS__ ")"); \
  }
SLS_DETAIL_SLOT(interests, void, Interests&);
SLS_DETAIL_SLOT(on_sandbox, void, const Sandbox&);
SLS_DETAIL_SLOT(on_invocation, void, Invocation);
SLS_DETAIL_SLOT(on_telemetry, void, Telemetry);
SLS_DETAIL_SLOT(next_records, std::span<sls_record>, );
SLS_DETAIL_SLOT(on_request, Response, const Request&);
SLS_DETAIL_SLOT(on_packets, void, const Packets&);
SLS_DETAIL_SLOT(on_sample, void, const Sample&);
SLS_DETAIL_SLOT(on_note, void, const Note&);
SLS_DETAIL_SLOT(on_tick, void, std::int64_t);
SLS_DETAIL_SLOT(work, bool, );
SLS_DETAIL_SLOT(next_payload, bool, const Flush&, Payload&);
SLS_DETAIL_SLOT(on_delivery, void, const Delivery&);
SLS_DETAIL_SLOT(state, State, );
SLS_DETAIL_SLOT(extension, const void*, std::string_view);
#undef SLS_DETAIL_SLOT

// Nothing here may throw or allocate: it runs while an exception is handled.
inline void log_thrown(const sls_host* host, const char* slot, const char* what) {
  if (!reaches(host, host->log) || host->log == nullptr) return;
  char text[512];
  std::size_t used = 0;
  for (const char* piece : {slot, " threw: ", what}) {
    const std::size_t n = std::min(std::strlen(piece), sizeof text - used);
    std::copy_n(piece, n, text + used);
    used += n;
  }
  host->log(host, SLS_LOG_ERROR, {text, used});
}

// An out-struct may be shorter than ours, when the host is older.
template <class Out>
void clear(Out& out) {
  const std::uint32_t size = out.size;
  std::memset(static_cast<void*>(&out), 0, std::min<std::size_t>(size, sizeof out));
  out.size = size;
}

enum class Slot : unsigned {
  destroy,
  interests,
  on_sandbox,
  on_invocation,
  on_telemetry,
  next_records,
  on_request,
  on_packets,
  on_sample,
  on_note,
  on_tick,
  work,
  next_payload,
  on_delivery,
  state,
  extension
};

// Runs one call of a plugin and turns whatever it throws into a status.
template <class Call>
sls_status guarded(const sls_host* host, std::uint32_t& logged, Slot slot, const char* name, Call&& call) noexcept {
  const std::uint32_t bit = 1u << static_cast<unsigned>(slot);
  try {
    return call();
  } catch (const std::exception& thrown) {
    if ((logged & bit) == 0) log_thrown(host, name, thrown.what());
  } catch (...) {
    if ((logged & bit) == 0) log_thrown(host, name, "something that is no std::exception");
  }
  logged |= bit;
  return SLS_E_EXCEPTION;
}

// The functions that go into the table; `self` is a Door.
template <class P>
class Door {
 public:
  static_assert(!std::is_final_v<P>, "a plugin's class must not be final: the slots are found by deriving from it");
  static_assert(std::is_constructible_v<P, Host, const Sandbox&>,
                "a plugin's class has a public constructor (sls::Host, const sls::Sandbox&)");
  static_assert(interests_slot<P>::named || !on_request_slot<P>::named, "on_request needs interests with a route");
  static_assert(interests_slot<P>::named || !on_packets_slot<P>::named, "on_packets needs interests with a socket");
  static_assert(interests_slot<P>::named || !next_payload_slot<P>::named,
                "next_payload needs interests with an intake");
  static_assert(interests_slot<P>::named || !on_tick_slot<P>::named, "on_tick needs interests with a tick");

  static sls_status create(const sls_host* host, const sls_sandbox* sandbox, void** self) noexcept {
    *self = nullptr;
    try {
      *self = new Door(host, sandbox);
      return SLS_OK;
    } catch (const Refused& refused) {
      if (reaches(host, host->log) && host->log != nullptr) host->log(host, SLS_LOG_ERROR, str(refused.what()));
      return SLS_E_INVALID;
    } catch (const std::exception& thrown) {
      log_thrown(host, "create", thrown.what());
    } catch (...) {
      log_thrown(host, "create", "something that is no std::exception");
    }
    return SLS_E_EXCEPTION;
  }
  static void destroy(void* self) noexcept {
    const sls_host* host = static_cast<Door*>(self)->host_;
    std::uint32_t logged = 0;
    guarded(host, logged, Slot::destroy, "destroy", [self] { return delete static_cast<Door*>(self), SLS_OK; });
  }
  static sls_status interests(void* self, sls_interests* out) noexcept {
    return call(self, Slot::interests, "interests", [out](Door& door) {
      if constexpr (interests_slot<P>::right)
        door.plugin_.interests(door.interests_);
      else
        door.interests_.records(RecordKind::function);
      clear(*out);
      door.interests_.fill(*out);
      return SLS_OK;
    });
  }
  static sls_status on_sandbox(void* self, const sls_sandbox* in) noexcept {
    return call(self, Slot::on_sandbox, "on_sandbox",
                [in](Door& d) { return d.plugin_.on_sandbox(Sandbox(in)), SLS_OK; });
  }
  static sls_status on_invocation(void* self, sls_invocation* in) noexcept {
    return call(self, Slot::on_invocation, "on_invocation",
                [in](Door& d) { return d.plugin_.on_invocation(Invocation(in)), SLS_OK; });
  }
  static sls_status on_telemetry(void* self, sls_telemetry* in) noexcept {
    return call(self, Slot::on_telemetry, "on_telemetry",
                [in](Door& d) { return d.plugin_.on_telemetry(Telemetry(in)), SLS_OK; });
  }
  static sls_status next_records(void* self, sls_telemetry* out) noexcept {
    return call(self, Slot::next_records, "next_records", [out](Door& d) {
      const std::span<sls_record> records = d.plugin_.next_records();
      if (records.empty()) return SLS_EMPTY;
      out->stride = sizeof(sls_record);
      out->count = records.size();
      out->records = records.data();
      return SLS_OK;
    });
  }
  static sls_status on_request(void* self, const sls_request* in, sls_response* out) noexcept {
    return call(self, Slot::on_request, "on_request", [in, out](Door& d) {
      const Response response = d.plugin_.on_request(Request(in));
      clear(*out);
      out->status = response.status;
      out->headers = response.headers;
      out->body = response.body;
      return SLS_OK;
    });
  }
  static sls_status on_packets(void* self, const sls_packets* in) noexcept {
    return call(self, Slot::on_packets, "on_packets",
                [in](Door& d) { return d.plugin_.on_packets(Packets(in)), SLS_OK; });
  }
  static sls_status on_sample(void* self, const sls_sample* in) noexcept {
    return call(self, Slot::on_sample, "on_sample", [in](Door& d) {
      const Sample sample{in->name, static_cast<SampleType>(in->type), in->value, in->time_ns, in->tags};
      return d.plugin_.on_sample(sample), SLS_OK;
    });
  }
  static sls_status on_note(void* self, const sls_note* in) noexcept {
    return call(self, Slot::on_note, "on_note", [in](Door& d) {
      return d.plugin_.on_note(Note{in->request_id, in->key, in->value}), SLS_OK;
    });
  }
  static sls_status on_tick(void* self, std::int64_t now_ns) noexcept {
    return call(self, Slot::on_tick, "on_tick", [now_ns](Door& d) { return d.plugin_.on_tick(now_ns), SLS_OK; });
  }
  static sls_status work(void* self) noexcept {
    return call(self, Slot::work, "work", [](Door& d) { return d.plugin_.work() ? SLS_OK : SLS_EMPTY; });
  }
  static sls_status next_payload(void* self, const sls_flush* in, sls_payload* out) noexcept {
    return call(self, Slot::next_payload, "next_payload", [in, out](Door& d) {
      clear(*out);
      Payload payload(out);
      return d.plugin_.next_payload(Flush(in), payload) ? SLS_OK : SLS_EMPTY;
    });
  }
  static sls_status on_delivery(void* self, const sls_delivery* in) noexcept {
    return call(self, Slot::on_delivery, "on_delivery",
                [in](Door& d) { return d.plugin_.on_delivery(Delivery(in)), SLS_OK; });
  }
  static sls_status state(void* self, sls_state* out) noexcept {
    return call(self, Slot::state, "state", [out](Door& d) {
      const State state = d.plugin_.state();
      clear(*out);
      out->received = state.received;
      out->pending_items = state.pending_items;
      out->pending_bytes = state.pending_bytes;
      return SLS_OK;
    });
  }
  static const void* extension(void* self, sls_str id) noexcept {
    const void* found = nullptr;
    call(self, Slot::extension, "extension",
         [id, &found](Door& d) { return found = d.plugin_.extension(std::string_view(Text(id))), SLS_OK; });
    return found;
  }

  P& plugin() { return plugin_; }

 private:
  Door(const sls_host* host, const sls_sandbox* sandbox) : host_(host), plugin_(Host(host), Sandbox(sandbox)) {}

  template <class Body>
  static sls_status call(void* self, Slot slot, const char* name, Body&& body) noexcept {
    Door& door = *static_cast<Door*>(self);
    return guarded(door.host_, door.logged_, slot, name, [&] { return static_cast<sls_status>(body(door)); });
  }

  const sls_host* host_;
  std::uint32_t logged_ = 0;  // one bit per slot
  Interests interests_;
  P plugin_;
};

}  // namespace detail

// The table of a plugin's class, with a NULL for every slot that the class does not have.
template <class P>
constexpr sls_plugin table(const About& about) {
  using Door = detail::Door<P>;
  sls_plugin out{};
  out.size = sizeof out;
  out.abi_minor_needed = about.abi_minor_needed;
  out.stage = static_cast<std::uint32_t>(about.stage);
  out.id = str(about.id), out.version = str(about.version), out.about = str(about.about);
  out.options = about.options.data(), out.option_count = about.options.size();
  out.create = Door::create;
  out.destroy = Door::destroy;
  if constexpr (detail::interests_slot<P>::right || detail::on_telemetry_slot<P>::right)
    out.interests = Door::interests;
  if constexpr (detail::on_sandbox_slot<P>::right) out.on_sandbox = Door::on_sandbox;
  if constexpr (detail::on_invocation_slot<P>::right) out.on_invocation = Door::on_invocation;
  if constexpr (detail::on_telemetry_slot<P>::right) out.on_telemetry = Door::on_telemetry;
  if constexpr (detail::next_records_slot<P>::right) out.next_records = Door::next_records;
  if constexpr (detail::on_request_slot<P>::right) out.on_request = Door::on_request;
  if constexpr (detail::on_packets_slot<P>::right) out.on_packets = Door::on_packets;
  if constexpr (detail::on_sample_slot<P>::right) out.on_sample = Door::on_sample;
  if constexpr (detail::on_note_slot<P>::right) out.on_note = Door::on_note;
  if constexpr (detail::on_tick_slot<P>::right) out.on_tick = Door::on_tick;
  if constexpr (detail::work_slot<P>::right) out.work = Door::work;
  if constexpr (detail::next_payload_slot<P>::right) out.next_payload = Door::next_payload;
  if constexpr (detail::on_delivery_slot<P>::right) out.on_delivery = Door::on_delivery;
  if constexpr (detail::state_slot<P>::right) out.state = Door::state;
  if constexpr (detail::extension_slot<P>::right) out.extension = Door::extension;
  return out;
}

}  // namespace sls
