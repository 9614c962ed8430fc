// What the Extensions API answers to a registration, about the function that the sandbox is for.
//
// Every member is optional: local emulators leave some out, and the agent's life does not hang on any. A number counts
// as its text; anything else that is no text counts as absent; what is no JSON has no members. Called by
// lambda/extensions_api.
#pragma once

#include <string>
#include <string_view>

namespace agent {

struct RegisterAnswer {
  std::string function_name, function_version, handler, account_id;  // empty: not told
};

RegisterAnswer parse_register_answer(std::string_view body);

}  // namespace agent
