// The packets that metrics are measured with: 200 contexts of three tags, each alone or as many as a packet takes.
#pragma once

#include <string>
#include <vector>

namespace floor_program {

inline constexpr std::size_t kContexts = 200, kPacketBytes = 1400;

inline std::vector<std::string> metric_lines() {
  static constexpr const char* kTypes[] = {"c", "g", "d", "c"};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < kContexts; ++i)
    out.push_back("shop.checkout.step_" + std::to_string(i % 40) + ":" + std::to_string(i * 7 % 1000) + "|"
                  + kTypes[i % 4] + "|#env:prod,region:eu-west-1,shard:" + std::to_string(i));
  return out;
}

// Packets of whole lines, up to `bytes` each.
inline std::vector<std::string> packed(const std::vector<std::string>& lines, std::size_t bytes = kPacketBytes) {
  std::vector<std::string> out(1);
  for (const std::string& line : lines) {
    if (!out.back().empty() && out.back().size() + 1 + line.size() > bytes) out.emplace_back();
    if (!out.back().empty()) out.back() += '\n';
    out.back() += line;
  }
  return out;
}

}  // namespace floor_program
