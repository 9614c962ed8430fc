#include "config/yaml_tree.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "sls/codec/json_writer.hpp"

namespace agent {
namespace {

constexpr const char* kTooManyNodes = "it has too many values (with aliases followed)";
constexpr const char* kTooManyBytes = "its texts are too long (with aliases followed)";
constexpr const char* kTooDeep = "it is nested too deeply";
constexpr const char* kSelfAlias = "an alias stands inside its own anchor";

std::size_t digits_from(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

// The grammar of RFC 8259, section 6.
bool is_json_number(std::string_view text) {
  std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t whole = at;
  at = digits_from(text, at);
  if (at == whole || (text[whole] == '0' && at != whole + 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = ++at;
    at = digits_from(text, at);
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = at;
    at = digits_from(text, at);
    if (at == exponent) return false;
  }
  return at == text.size();
}

void append_scalar(std::string& out, const YamlNode& node) {
  if (node.plain) {
    if (node.text == "true" || node.text == "True" || node.text == "TRUE") return void(out += "true");
    if (node.text == "false" || node.text == "False" || node.text == "FALSE") return void(out += "false");
    if (is_json_number(node.text)) return void(out += node.text);
  }
  out += '"';
  sls::json::append_escaped(out, node.text);
  out += '"';
}

// Recursion is bounded by kYamlDepthMax, which the builder enforces with aliases followed.
void append_json(std::string& out, const YamlTree& tree, const YamlNode& given) {
  const YamlNode& node = tree.followed(given);
  char before = 0;
  switch (node.kind) {
    case YamlNode::Kind::kNull:
    case YamlNode::Kind::kAlias: out += "null"; break;
    case YamlNode::Kind::kScalar: append_scalar(out, node); break;
    case YamlNode::Kind::kSequence:
      out += '[';
      for (std::uint32_t element : node.children) {
        if (before) out += before;
        append_json(out, tree, tree.node(element));
        before = ',';
      }
      out += ']';
      break;
    case YamlNode::Kind::kMap:
      out += '{';
      tree.each(node, [&](const YamlNode& key, const YamlNode& value) {
        if (before) out += before;
        out += '"';
        sls::json::append_escaped(out, tree.followed(key).text);
        out += "\":";
        append_json(out, tree, value);
        before = ',';
      });
      out += '}';
      break;
  }
}

}  // namespace

const YamlNode* YamlTree::child(const YamlNode& given, std::string_view key) const {
  const YamlNode& map = followed(given);
  if (map.kind != YamlNode::Kind::kMap) return nullptr;
  for (std::size_t i = 0; i + 1 < map.children.size(); i += 2)
    if (followed(nodes_[map.children[i]]).text == key) return &nodes_[map.children[i + 1]];
  return nullptr;
}

const YamlNode* YamlTree::find(std::string_view dotted_path) const {
  if (empty()) return nullptr;
  const YamlNode* at = &root();
  while (at != nullptr) {
    const std::size_t dot = dotted_path.find('.');
    at = child(*at, dotted_path.substr(0, dot));
    if (dot == std::string_view::npos) break;
    dotted_path.remove_prefix(dot + 1);
  }
  return at;
}

const char* YamlTreeBuilder::null(YamlMark mark, Anchor anchor) {
  YamlNode node;
  node.mark = mark;
  return add(std::move(node), anchor, {});
}

const char* YamlTreeBuilder::scalar(YamlMark mark, Anchor anchor, bool plain, std::string_view text) {
  YamlNode node;
  node.kind = YamlNode::Kind::kScalar;
  node.mark = mark;
  node.plain = plain;
  node.text = text;
  return add(std::move(node), anchor, {1, text.size(), 0});
}

const char* YamlTreeBuilder::alias(YamlMark mark, Anchor anchor) {
  if (anchor >= anchors_.size() || !anchors_[anchor].second) return "an alias has no anchor";
  YamlNode node;
  node.kind = YamlNode::Kind::kAlias;
  node.mark = mark;
  node.target = anchors_[anchor].first;
  const YamlNode& target = tree_.nodes_[node.target];
  if (target.kind == YamlNode::Kind::kAlias) node.target = target.target;
  if (std::find(open_.begin(), open_.end(), node.target) != open_.end()) return kSelfAlias;
  const Extent extent = extents_[node.target];
  return add(std::move(node), 0, extent);
}

const char* YamlTreeBuilder::begin(YamlNode::Kind kind, YamlMark mark, Anchor anchor) {
  YamlNode node;
  node.kind = kind;
  node.mark = mark;
  const std::uint32_t index = static_cast<std::uint32_t>(tree_.nodes_.size());
  if (const char* wrong = add(std::move(node), anchor, {1, 0, 1})) return wrong;
  open_.push_back(index);
  return nullptr;
}

const char* YamlTreeBuilder::end() {
  const std::uint32_t index = open_.back();
  open_.pop_back();
  if (tree_.nodes_[index].kind == YamlNode::Kind::kMap) settle_map(index);
  return open_.empty() ? nullptr : charge(open_.back(), extents_[index]);
}

const char* YamlTreeBuilder::add(YamlNode node, Anchor anchor, Extent extent) {
  if (tree_.nodes_.size() >= limits::kYamlNodesMax) return kTooManyNodes;
  const std::uint32_t index = static_cast<std::uint32_t>(tree_.nodes_.size());
  const bool container = node.kind == YamlNode::Kind::kSequence || node.kind == YamlNode::Kind::kMap;
  tree_.nodes_.push_back(std::move(node));
  extents_.push_back(extent);
  if (anchor != 0) {
    if (anchors_.size() <= anchor) anchors_.resize(anchor + 1);
    anchors_[anchor] = {index, true};
  }
  if (open_.size() + extent.height > limits::kYamlDepthMax) return kTooDeep;
  if (open_.empty()) return nullptr;
  tree_.nodes_[open_.back()].children.push_back(index);
  return container ? nullptr : charge(open_.back(), extent);  // containers are charged when they end
}

// Adds a child's extent to its container's.
const char* YamlTreeBuilder::charge(std::uint32_t index, Extent child) {
  Extent& extent = extents_[index];
  extent.nodes += child.nodes;
  extent.bytes += child.bytes;
  extent.height = std::max(extent.height, child.height + 1);
  if (extent.nodes > limits::kYamlNodesMax) return kTooManyNodes;
  if (extent.bytes > limits::kYamlTextBytesMax) return kTooManyBytes;
  return nullptr;
}

void YamlTreeBuilder::settle_map(std::uint32_t index) {
  // An event without its partner cannot come from a parser; a map always holds pairs.
  if (tree_.nodes_[index].children.size() % 2 != 0) tree_.nodes_[index].children.pop_back();
  std::vector<std::size_t> overruled;
  for (const auto& [earlier, later] : repeated_keys(index)) {
    const YamlNode& last = tree_.nodes_[tree_.nodes_[index].children[later]];
    const YamlNode& first = tree_.nodes_[tree_.nodes_[index].children[earlier]];
    tree_.duplicates_.push_back({tree_.followed(last).text, first.mark, last.mark});
    overruled.push_back(earlier);
  }
  remove_entries(index, overruled);
  if (!merge(index)) return;
  overruled.clear();
  for (const auto& [earlier, later] : repeated_keys(index)) overruled.push_back(later);
  remove_entries(index, overruled);
}

// Pairs of places in a map's children where the same key stands, neighbours in the document's order.
std::vector<std::pair<std::size_t, std::size_t>> YamlTreeBuilder::repeated_keys(std::uint32_t index) const {
  const std::vector<std::uint32_t>& children = tree_.nodes_[index].children;
  const auto text = [&](std::size_t place) -> const std::string& {
    return tree_.followed(tree_.nodes_[children[place]]).text;
  };
  std::vector<std::size_t> places;
  places.reserve(children.size() / 2);
  for (std::size_t place = 0; place < children.size(); place += 2) places.push_back(place);
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return text(a) < text(b); });
  std::vector<std::pair<std::size_t, std::size_t>> repeated;
  for (std::size_t i = 1; i < places.size(); ++i)
    if (text(places[i - 1]) == text(places[i])) repeated.emplace_back(places[i - 1], places[i]);
  return repeated;
}

void YamlTreeBuilder::remove_entries(std::uint32_t index, std::vector<std::size_t>& places) {
  if (places.empty()) return;
  std::sort(places.begin(), places.end());
  std::vector<std::uint32_t>& children = tree_.nodes_[index].children;
  std::vector<std::uint32_t> kept;
  kept.reserve(children.size());
  for (std::size_t place = 0; place < children.size(); place += 2) {
    if (std::binary_search(places.begin(), places.end(), place)) continue;
    kept.push_back(children[place]);
    kept.push_back(children[place + 1]);
  }
  children = std::move(kept);
}

// The merge key of yaml 1.1: `<<: *defaults` or `<<: [*a, *b]`. Appends the sources' entries behind the map's
// own, so that the first of a key wins. False when there is none. What it costs was charged with the aliases.
bool YamlTreeBuilder::merge(std::uint32_t index) {
  std::vector<std::uint32_t>& children = tree_.nodes_[index].children;
  for (std::size_t place = 0; place < children.size(); place += 2) {
    const YamlNode& key = tree_.nodes_[children[place]];
    if (key.kind != YamlNode::Kind::kScalar || !key.plain || key.text != "<<") continue;
    const YamlNode& source = tree_.followed(tree_.nodes_[children[place + 1]]);
    if (source.kind != YamlNode::Kind::kMap && source.kind != YamlNode::Kind::kSequence) return false;
    std::vector<std::size_t> merge_key = {place};
    remove_entries(index, merge_key);
    if (source.kind == YamlNode::Kind::kMap) append_entries(index, source);
    if (source.kind == YamlNode::Kind::kSequence)
      for (std::uint32_t element : source.children) append_entries(index, tree_.followed(tree_.nodes_[element]));
    return true;
  }
  return false;
}

void YamlTreeBuilder::append_entries(std::uint32_t index, const YamlNode& source) {
  if (source.kind != YamlNode::Kind::kMap) return;
  std::vector<std::uint32_t>& children = tree_.nodes_[index].children;
  children.insert(children.end(), source.children.begin(), source.children.end());
}

std::string to_json(const YamlTree& tree, const YamlNode& node) {
  std::string out;
  append_json(out, tree, node);
  return out;
}

}  // namespace agent
