// A yaml document as our own small tree: what stands there, how it was spelt, and in which line and column.
//
// Scalars keep their spelling (1.10 stays "1.10"); whether they were plain or quoted is remembered, and only
// to_json looks at it. Aliases stay single nodes that point at their anchor's node, so that a document never
// takes more memory than its text; the builder adds up what it would be with all aliases followed and refuses
// beyond the limits (base/limits.hpp). It knows no parser: config/yaml_source builds it from events. Settings
// are read from it by config/yaml_value; nothing is kept after start-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace agent {

struct YamlMark {
  std::uint32_t line = 0, column = 0;  // from 1; 0: nowhere
};

struct YamlNode {
  enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMap, kAlias };

  Kind kind = Kind::kNull;
  bool plain = false;  // a scalar without quotes, so that `true` is a boolean
  YamlMark mark;
  std::uint32_t target = 0;             // kAlias: the anchor's node
  std::string text;                     // kScalar
  std::vector<std::uint32_t> children;  // kSequence: elements; kMap: key, value, key, value …
};

class YamlTree {
 public:
  // A key that stands twice in one map; the later one counts.
  struct Duplicate {
    std::string key;
    YamlMark first, last;
  };

  bool empty() const { return nodes_.empty(); }
  const YamlNode& root() const { return followed(nodes_[root_]); }
  const YamlNode& node(std::uint32_t index) const { return nodes_[index]; }
  // The node itself, or what its alias stands for.
  const YamlNode& followed(const YamlNode& node) const {
    return node.kind == YamlNode::Kind::kAlias ? nodes_[node.target] : node;
  }

  // The value under a key of a map; nullptr where there is none. May be an alias.
  const YamlNode* child(const YamlNode& map, std::string_view key) const;
  // The value under a dotted path from the root; nullptr where there is none.
  const YamlNode* find(std::string_view dotted_path) const;
  // Calls visit(key node, value node) for each entry of a map, in the document's order.
  template <class Visit>
  void each(const YamlNode& map, Visit&& visit) const {
    for (std::size_t i = 0; i + 1 < map.children.size(); i += 2)
      visit(nodes_[map.children[i]], nodes_[map.children[i + 1]]);
  }

  const std::vector<Duplicate>& duplicates() const { return duplicates_; }
  bool more_documents() const { return more_documents_; }

 private:
  friend class YamlTreeBuilder;
  std::vector<YamlNode> nodes_;
  std::uint32_t root_ = 0;
  std::vector<Duplicate> duplicates_;
  bool more_documents_ = false;
};

// Makes a tree from a parser's events. Each function returns nullptr, or what is wrong with the document.
class YamlTreeBuilder {
 public:
  using Anchor = std::size_t;  // 0: none

  const char* null(YamlMark mark, Anchor anchor);
  const char* scalar(YamlMark mark, Anchor anchor, bool plain, std::string_view text);
  const char* alias(YamlMark mark, Anchor anchor);
  const char* begin(YamlNode::Kind kind, YamlMark mark, Anchor anchor);  // kSequence or kMap
  const char* end();
  void more_documents() { tree_.more_documents_ = true; }

  YamlTree take() { return std::move(tree_); }

 private:
  // What a node is with all aliases followed.
  struct Extent {
    std::uint64_t nodes = 1, bytes = 0;
    std::uint32_t height = 0;
  };

  const char* add(YamlNode node, Anchor anchor, Extent extent);
  const char* charge(std::uint32_t index, Extent extent);
  void settle_map(std::uint32_t index);
  std::vector<std::pair<std::size_t, std::size_t>> repeated_keys(std::uint32_t index) const;
  void remove_entries(std::uint32_t index, std::vector<std::size_t>& places);
  bool merge(std::uint32_t index);
  void append_entries(std::uint32_t index, const YamlNode& source);

  YamlTree tree_;
  std::vector<Extent> extents_;                          // of each node
  std::vector<std::uint32_t> open_;                      // containers that have begun and not ended
  std::vector<std::pair<std::uint32_t, bool>> anchors_;  // node, whether there is one; index: Anchor
};

// Compact JSON. Plain scalars that are null, true, false or a JSON number are typed; everything else is a
// string.
std::string to_json(const YamlTree& tree, const YamlNode& node);

}  // namespace agent
