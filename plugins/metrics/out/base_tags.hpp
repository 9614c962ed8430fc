// What every entry carries besides its own tags: the sandbox's tags, made ready for each form of payload once.
//
// Beyond kBaseTagsMax the first ones stay, so that a long list of tags never costs all of them. Made by pipeline when
// the sandbox tells its tags; read by the encoders.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

inline constexpr std::size_t kBaseTagsMax = 100;

class BaseTags {
 public:
  BaseTags() = default;
  // "k:v" each; those with a key of `excluded` are left out.
  BaseTags(std::vector<std::string> tags, const std::vector<std::string>& excluded);

  const std::vector<std::string>& all() const { return tags_; }  // sorted, each once, no resources
  const std::vector<std::string>& resources() const { return resources_; }
  std::size_t left_out() const { return left_out_; }  // beyond the limit
  // The sandbox is that of a function: entries name their origin.
  bool function() const { return function_; }

 private:
  std::vector<std::string> tags_, resources_;
  std::size_t left_out_ = 0;
  bool function_ = false;
};

// Tags as repeated fields of protobuf, so that entries copy them instead of writing them.
class EncodedTags {
 public:
  EncodedTags() = default;
  EncodedTags(const std::vector<std::string>& tags, std::uint32_t field);

  std::size_t size() const { return ends_.size(); }
  // The fields of the tags [from, to).
  std::string_view run(std::size_t from, std::size_t to) const {
    const std::size_t begin = from == 0 ? 0 : ends_[from - 1];
    return std::string_view(bytes_).substr(begin, (to == 0 ? 0 : ends_[to - 1]) - begin);
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

// What an entry says about where it comes from; 0: nothing.
struct EntryOrigin {
  std::uint32_t product = 0, category = 0, service = 0;
};
EntryOrigin origin_of(std::string_view name, const BaseTags& base);

}  // namespace metrics
