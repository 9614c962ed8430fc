// All trades on one chunk, in their one order, which is the agent's: normalise, ignore and filter by the root, leave
// out what is internal, enrich, obfuscate, truncate, mark top level, replace, count, sample.
//
// It refuses to decode and to encode, and holds no rule of its own. Called by pipeline for every chunk, once; made by
// the door (trade_settings).
#pragma once

#include <cstdint>

#include "between/enrich.hpp"
#include "between/filters.hpp"
#include "between/internal_spans.hpp"
#include "between/normalise.hpp"
#include "between/obfuscate.hpp"
#include "between/replace.hpp"
#include "between/stats.hpp"
#include "between/top_level.hpp"
#include "between/truncate.hpp"
#include "in/client_stats.hpp"
#include "losses.hpp"
#include "span.hpp"
#include "tracer.hpp"

namespace traces {

class Trades {
 public:
  struct Parts {
    Normaliser normaliser{};
    Filters filters;
    InternalSpans internal_spans{};
    Enrichment enrichment;
    Obfuscator obfuscator{ObfuscationSettings{}};
    std::size_t resource_bytes_max = kResourceBytesMax;
    ReplaceRules replace_rules;
    bool computes_statistics = false;
  };

  Trades() : Trades(Parts{}) {}
  explicit Trades(Parts parts) : parts_(std::move(parts)) {}

  // Every span that is taken out of the chunk is added to `losses`; a chunk that is left empty is not shipped. `now_ns`
  // is the wall clock at which the chunk arrived.
  void apply(Chunk& chunk, const Tracer& tracer, std::int64_t now_ns, Losses& losses);
  // What concerns a group of statistics that a tracer has computed; texts that change are kept in `arena`.
  void apply(ClientGroup& group, std::string_view language, Arena& arena);
  // What has been counted; empty when statistics are computed elsewhere.
  Statistics& statistics() { return statistics_; }
  const Statistics& statistics() const { return statistics_; }
  bool computes_statistics() const { return parts_.computes_statistics; }
  // The sandbox has learnt something about the function.
  void on_function(FunctionFacts facts) { parts_.enrichment = Enrichment(std::move(facts)); }

 private:
  Parts parts_;
  TopLevel top_level_;
  Statistics statistics_;
  Chunk group_;  // a client's group as if it were a span
};

}  // namespace traces
