#include "config/yaml_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <unordered_map>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "config/shown.hpp"
#include "sls/codec/json.hpp"

namespace agent {
namespace {

// The library's parser and its events, released whatever happens.
class EventReader {
 public:
  explicit EventReader(std::string_view text) {
    if (::yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    ::yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;
  ~EventReader() {
    ::yaml_event_delete(&event_);
    ::yaml_parser_delete(&parser_);
  }

  // The next event, until the next call; null: the text is no yaml.
  const yaml_event_t* next() {
    ::yaml_event_delete(&event_);
    return ::yaml_parser_parse(&parser_, &event_) == 0 ? nullptr : &event_;
  }
  const yaml_parser_t& parser() const { return parser_; }

 private:
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

YamlMark mark_of(const yaml_mark_t& mark) {
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

bool is_null(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

// The first document's events, put into a tree.
class TreeEvents {
 public:
  YamlTree take() { return builder_.take(); }
  void more_documents() { builder_.more_documents(); }

  // Null, or what is wrong with the document.
  const char* take(const yaml_event_t& event) {
    const YamlMark mark = mark_of(event.start_mark);
    switch (event.type) {
      case YAML_ALIAS_EVENT: return builder_.alias(mark, known(text_of(event.data.alias.anchor)));
      case YAML_SCALAR_EVENT: return scalar(event, mark);
      case YAML_SEQUENCE_START_EVENT:
        return builder_.begin(YamlNode::Kind::kSequence, mark, anchor(event.data.sequence_start.anchor));
      case YAML_MAPPING_START_EVENT:
        return builder_.begin(YamlNode::Kind::kMap, mark, anchor(event.data.mapping_start.anchor));
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return builder_.end();
      default: return nullptr;
    }
  }

 private:
  const char* scalar(const yaml_event_t& event, YamlMark mark) {
    const auto& found = event.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(found.value), found.length);
    const std::string_view tag = text_of(found.tag);
    const bool plain = tag.empty() ? found.style == YAML_PLAIN_SCALAR_STYLE : tag != "!" && tag != YAML_STR_TAG;
    if (plain && tag.empty() && is_null(text)) return builder_.null(mark, anchor(found.anchor));
    return builder_.scalar(mark, anchor(found.anchor), plain, text);
  }
  // A name given anew stands for the later node from then on.
  YamlTreeBuilder::Anchor anchor(const yaml_char_t* name) {
    if (name == nullptr) return 0;
    return anchors_[std::string(text_of(name))] = ++anchor_count_;
  }
  YamlTreeBuilder::Anchor known(std::string_view name) const {
    const auto found = anchors_.find(std::string(name));
    return found == anchors_.end() ? kNone : found->second;
  }

  static constexpr YamlTreeBuilder::Anchor kNone = static_cast<YamlTreeBuilder::Anchor>(-1);

  YamlTreeBuilder builder_;
  std::unordered_map<std::string, YamlTreeBuilder::Anchor> anchors_;
  YamlTreeBuilder::Anchor anchor_count_ = 0;
};

// Then the library reads it as such.
bool starts_as_utf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

Error invalid(YamlMark mark, std::string_view what) {
  if (mark.line == 0) return {ErrorCode::kInvalid, std::string(what)};
  return {ErrorCode::kInvalid, cat(mark.line, ":", mark.column, ": ", what)};
}

YamlMark mark_of_byte(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line = before.rfind('\n');
  const std::size_t column = line == std::string_view::npos ? before.size() : before.size() - line - 1;
  return {static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<std::uint32_t>(column) + 1};
}

// In the library's own words.
Error unreadable(const yaml_parser_t& parser, std::string_view text) {
  const std::string_view problem = parser.problem == nullptr ? "it is no yaml" : parser.problem;
  switch (parser.error) {
    case YAML_READER_ERROR: return invalid(mark_of_byte(text, parser.problem_offset), problem);
    case YAML_SCANNER_ERROR:
    case YAML_PARSER_ERROR:
      if (parser.context == nullptr) return invalid(mark_of(parser.problem_mark), problem);
      return invalid(mark_of(parser.problem_mark), cat(problem, " ", std::string_view(parser.context)));
    default: return invalid({}, problem);
  }
}

Result<YamlTree> parse(std::string_view text) {
  EventReader reader(text);
  TreeEvents events;
  for (;;) {
    const yaml_event_t* event = reader.next();
    if (event == nullptr) return unreadable(reader.parser(), text);
    if (event->type == YAML_STREAM_END_EVENT) return events.take();
    if (event->type == YAML_DOCUMENT_END_EVENT) break;
    if (const char* wrong = events.take(*event)) return invalid(mark_of(event->start_mark), wrong);
  }
  // A second document may be broken; the first was read by then.
  const yaml_event_t* event = reader.next();
  if (event == nullptr || event->type != YAML_STREAM_END_EVENT) events.more_documents();
  return events.take();
}

struct Content {
  YamlDocument::State state = YamlDocument::State::kAbsent;
  std::string text, why;
};

Content unknown(std::string why) { return {YamlDocument::State::kUnknown, {}, std::move(why)}; }

Content read_all(int file, std::size_t expected) {
  std::string text(expected + 1, '\0');
  std::size_t filled = 0;
  for (;;) {
    const ssize_t count = ::read(file, text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unknown(cat("it cannot be read: ", std::strerror(errno)));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
    if (filled > limits::kYamlScanBytesMax)
      return unknown(cat("it is larger than ", limits::kYamlScanBytesMax, " bytes"));
    if (filled == text.size()) text.resize(2 * text.size());
  }
  text.resize(filled);
  return {YamlDocument::State::kRead, std::move(text), {}};
}

Content read_file(const std::string& path) {
  // O_NONBLOCK: a named pipe in the file's place must not hold the start.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    // A file that we may not read is no reason to withhold anything: nothing says that it protects something.
    return {YamlDocument::State::kBroken, {}, cat("it cannot be opened: ", std::strerror(errno))};
  }
  struct stat status {};
  Content content;
  if (::fstat(file, &status) != 0) {
    content = unknown(cat("it cannot be read: ", std::strerror(errno)));
  } else if (S_ISDIR(status.st_mode)) {
    content = {YamlDocument::State::kBroken, {}, "it is a directory; wanted a file"};
  } else if (!S_ISREG(status.st_mode)) {
    content = {YamlDocument::State::kBroken, {}, "it is no regular file"};
  } else if (static_cast<std::uint64_t>(status.st_size) > limits::kYamlBytesMax) {
    // Not parsed, but looked through for what it may have meant to protect.
    content = read_all(file, static_cast<std::size_t>(std::min<off_t>(status.st_size, limits::kYamlScanBytesMax)));
    content.state = content.state == YamlDocument::State::kRead ? YamlDocument::State::kBroken : content.state;
    content.why = cat("it has ", static_cast<std::uint64_t>(status.st_size), " bytes; at most ", limits::kYamlBytesMax,
                      " are read");
  } else {
    content = read_all(file, static_cast<std::size_t>(status.st_size));
  }
  ::close(file);
  return content;
}

void report_unusable(const YamlDocument& document, Findings& findings) {
  const bool placed = document.state == YamlDocument::State::kBroken && !document.why.empty() && document.why[0] >= '0'
                      && document.why[0] <= '9';
  findings.add(Level::kError, cat(document.path, placed ? ":" : ": ", document.why,
                                  "; the whole file is ignored, variables and defaults apply"));
}

void report_oddities(const YamlDocument& document, Findings& findings) {
  for (const YamlTree::Duplicate& twice : document.tree.duplicates())
    findings.add(Level::kWarn, cat(document.where(twice.last), ": ", shown_text(twice.key), " stands twice, first in ",
                                   twice.first.line, ":", twice.first.column, "; the later one is used"));
  if (document.tree.more_documents())
    findings.add(Level::kWarn, cat(document.path, ": there is more than one document; only the first is used"));
}

}  // namespace

bool YamlDocument::may_hold(std::string_view dotted_path) const {
  if (state == State::kUnknown) return true;
  if (state != State::kBroken) return false;
  const std::size_t dot = dotted_path.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? dotted_path : dotted_path.substr(dot + 1);
  return raw.find(last) != std::string::npos;
}

std::string YamlDocument::where(YamlMark mark) const { return cat(path, ":", mark.line, ":", mark.column); }

Result<YamlTree> parse_yaml(std::string_view text) {
  try {
    // The library takes UTF-8 alone; a stray byte in one text shall not cost the whole file.
    std::string mended;
    return parse(starts_as_utf16(text) ? text : sls::json::repair_utf8(text, mended));
  } catch (const std::exception& exception) {
    return invalid({}, exception.what());
  }
}

YamlDocument read_yaml_text(std::string path, std::string_view text, Findings& findings) {
  YamlDocument document;
  document.path = std::move(path);
  Result<YamlTree> tree = parse_yaml(text);
  if (tree && !tree->empty() && tree->root().kind != YamlNode::Kind::kMap && tree->root().kind != YamlNode::Kind::kNull)
    tree = invalid(tree->root().mark, "the document is no map; wanted `name: value` lines");
  if (tree) {
    document.state = tree->empty() ? YamlDocument::State::kAbsent : YamlDocument::State::kRead;
    document.tree = std::move(*tree);
    report_oddities(document, findings);
  } else {
    document.state = YamlDocument::State::kBroken;
    document.why = std::move(tree.error().text);
    document.raw = text;
    report_unusable(document, findings);
  }
  return document;
}

YamlDocument read_yaml_file(std::string path, Findings& findings) {
  Content content = read_file(path);
  if (content.state == YamlDocument::State::kRead) return read_yaml_text(std::move(path), content.text, findings);
  YamlDocument document;
  document.path = std::move(path);
  document.state = content.state;
  document.why = std::move(content.why);
  document.raw = std::move(content.text);
  if (document.state != YamlDocument::State::kAbsent) report_unusable(document, findings);
  return document;
}

}  // namespace agent
