// Processing rules: which lines go on, and with which text.
//
// exclude_at_match, include_at_match and mask_sequences, in the order of the list; each rule sees what the one before
// left: the whole text, or one attribute of a JSON text. Each rule is judged alone: one that cannot be used is an ERROR
// and the others live. A mask that cannot be applied fails closed: lines of the function and of extensions are withheld
// (or shipped, or dropped, as the operator says), for the customer relies on it. It knows no JSON of the setting
// (rules_setting reads it) and no record. Called by the pipeline, once per line. Facts: docs.datadoghq.com,
// agent/logs/advanced_log_collection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "between/attribute_path.hpp"
#include "between/pattern_memory.hpp"
#include "between/rule_prefilter.hpp"
#include "finding.hpp"
#include "sls/codec/regex.hpp"
#include "sls/codec/regex_replacement.hpp"

namespace logs {

enum class OnUnusableMask { kWithhold, kShip, kDrop };

// One entry of the setting, as it was written. What is absent is nullopt.
struct RuleEntry {
  bool is_object = true;
  bool speaks_of_masks = false;  // where it is no object: its text does
  std::optional<std::string> type, name, pattern, placeholder, attribute;
};

// Opens the regex engine; null: not to be had, `error` says why. Called at most once, and only where a rule needs it.
using OpenEngine = const sls::RegexEngine* (*)(std::string& error);

// Whether the prefilter pays: where most texts match most rules, it is left out for a while.
class PrefilterWorth {
 public:
  bool paused() { return pause_ > 0 && pause_-- > 0; }
  void ran(std::size_t rules_left_out) {
    left_out_ += rules_left_out;
    if (++runs_ < kTrialRuns) return;
    if (left_out_ * 2 < runs_) pause_ = kPauseTexts;
    runs_ = left_out_ = 0;
  }

 private:
  static constexpr std::uint32_t kTrialRuns = 32, kPauseTexts = 1024;
  std::size_t left_out_ = 0;
  std::uint32_t runs_ = 0, pause_ = 0;
};

class ProcessingRules {
 public:
  enum class Fate { kKeep, kExcluded, kWithheld, kUnmasked };
  struct Verdict {
    Fate fate = Fate::kKeep;
    std::string_view text;  // of the last judge() only: the given text or bytes of the rules'
    bool masked = false;
  };
  struct Rule {
    enum class Kind { kExclude, kInclude, kMask };
    Kind kind;
    std::string name, pattern, placeholder;
    sls::Regex regex;  // compiled with the first text that it may match; given up where others need its memory
    sls::Replacement replacement;
    std::optional<AttributePath> attribute;  // the part of a JSON text that it looks at; none: the whole text
    std::uint64_t matched = 0;               // dropped by it, or changed by it; include: passed by it
    std::uint64_t used = 0;                  // when its pattern was last asked for, counted in such questions
    bool unusable = false;
  };

  // How many there will be, before the first: what the pattern of each may take depends on it.
  void expect(std::size_t rules) { memory_.expect(rules); }

  // `origin` is where the setting was read ("/var/task/datadog.yaml:12:5"); findings are given with it.
  void add(std::size_t index, const RuleEntry& entry, std::string_view origin, OpenEngine open, Findings& findings);
  // After the last rule, before the first judge(). Without the prefilter each rule is asked for each text, with the
  // same result: that is what it is measured and tested against.
  void seal(bool with_prefilter = true);
  // A mask that cannot be applied; `name` is what the withheld lines show. The first one counts.
  void add_unusable_mask(std::string_view name);
  void on_unusable_mask(OnUnusableMask choice) { choice_ = choice; }

  bool empty() const { return rules_.empty() && withheld_text_.empty(); }
  const std::vector<Rule>& rules() const { return rules_; }
  bool has_unusable_mask() const { return !withheld_text_.empty(); }
  bool withholds() const { return !withheld_text_.empty() && choice_ != OnUnusableMask::kShip; }

  // `from_customer`: a line of the function or of an extension (platform lines are judged, never withheld). The text
  // must be valid UTF-8. kWithheld: `text` is what is shipped instead; kUnmasked: to be dropped, by the operator's
  // wish.
  Verdict judge(std::string_view text, bool from_customer);

 private:
  enum class Effect { kNone, kChanged, kDropped };

  const sls::RegexEngine* engine(OpenEngine open, std::string& error);
  bool compile(std::uint32_t number, Rule& rule, std::string& error);
  bool compile_large(Rule& rule, std::string& error);
  bool compiled(Rule& rule);
  bool passes_all(Verdict& verdict);
  bool passes_candidates(Verdict& verdict);
  Effect apply(Rule& rule, Verdict& verdict);
  bool matches(Rule& rule, std::string_view text);
  bool mask(Rule& rule, std::string_view text);
  bool mask_attribute(Rule& rule, std::string_view text);

  std::vector<Rule> rules_;
  std::vector<std::uint32_t> includes_;  // their numbers: one that does not match drops the line
  PatternMemory memory_;
  std::uint64_t questions_ = 0;
  PatternShape shape_;
  RulePrefilter prefilter_;
  PrefilterWorth worth_;
  std::string withheld_text_;  // empty: every mask is usable
  OnUnusableMask choice_ = OnUnusableMask::kWithhold;
  std::string masked_, spare_;  // texts under work; reused
  std::string value_, masked_value_;
  const sls::RegexEngine* engine_ = nullptr;
  std::string engine_error_;
  bool engine_asked_ = false;
};

}  // namespace logs
