// JSON passed 64 bytes at a time: over a string however dense its escapes are, and over what nobody asked for. By AVX2
// where the machine has it, else by SSE2; other machines have neither, and say so by kTooFewLeft at once.
//
// Private to sdk/codec. Reads no byte behind `end`. What it leaves over, less than 64 bytes, is for the caller's byte
// by byte way, which gives the same answers.
#pragma once

#include <cstdint>

namespace sls::json::blocks {

enum class Pass : std::uint8_t { kEnded, kBad, kTooFewLeft };

// Where a string has been passed to. `escaped`: the byte at `at` is behind a backslash that is not one itself.
struct StringPass {
  const char* at = nullptr;  // kEnded: the closing quote
  bool escaped = false;
  bool has_escapes = false, has_non_ascii = false;
};

// From inside a string, no escape open. `check` judges the escape whose backslash is at its argument, of those that are
// neither \" nor \\; false: kBad. kBad also: a control character.
using EscapeCheck = bool (*)(const char* backslash, const char* end, void* context);
Pass pass_string(StringPass& string, const char* end, EscapeCheck check, void* context);

// Where nesting has been passed to, brackets inside strings not counted.
struct NestingPass {
  const char* at = nullptr;  // kEnded: behind the bracket that closed the outermost level
  std::uint64_t depth = 1;   // levels that are open; no difference is made between arrays and objects
  bool in_string = false, escaped = false;
};
Pass pass_nesting(NestingPass& nesting, const char* end);

// The same without AVX2, so that tests compare them.
Pass pass_string_narrow(StringPass& string, const char* end, EscapeCheck check, void* context);
Pass pass_nesting_narrow(NestingPass& nesting, const char* end);

}  // namespace sls::json::blocks
