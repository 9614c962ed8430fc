// Compiles the patterns of settings, and opens the regex engine for the first of them.
//
// It refuses to know what a pattern is for. Made by the door for the time of setting up; called by filters and replace.
#pragma once

#include <string>
#include <string_view>

#include "sls/codec/regex.hpp"

namespace traces {

// Null: not to be had, `error` says why.
using OpenEngine = const sls::RegexEngine* (*)(std::string& error);

class Patterns {
 public:
  explicit Patterns(OpenEngine open) : open_(open) {}

  // An unusable pattern gives an empty Regex and a reason.
  sls::Regex compile(std::string_view pattern, std::string& error) {
    if (!asked_) engine_ = open_(unavailable_);
    asked_ = true;
    if (engine_ != nullptr) return sls::Regex::compile(*engine_, pattern, error);
    error = unavailable_;
    return {};
  }

 private:
  OpenEngine open_;
  const sls::RegexEngine* engine_ = nullptr;
  std::string unavailable_;  // why there is no engine
  bool asked_ = false;
};

}  // namespace traces
