// Commands of Redis and Valkey: their names alone, for a resource; with their values replaced, for a raw command.
//
// A text holds one command per line. It refuses to know every command: what is not in the table of commands with values
// is kept, as the agent does. Each function appends to `out`.
// Called by obfuscate.
#pragma once

#include <string>
#include <string_view>

namespace traces {

// The names of the first three commands.
void quantise_redis(std::string_view text, std::string& out);
// The commands, `?` for their values.
void obfuscate_redis(std::string_view text, std::string& out);
// The first command with `?` for all of its arguments.
void remove_redis_arguments(std::string_view text, std::string& out);

}  // namespace traces
