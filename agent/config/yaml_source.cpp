#include "config/yaml_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <istream>
#include <streambuf>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "config/shown.hpp"

namespace agent {
namespace {

// Thrown out of yaml-cpp by our own event handler to end the parse at a limit.
struct Refused {
  YamlMark mark;
  const char* why;
};

YamlMark mark_of(const YAML::Mark& mark) {
  if (mark.line < 0 || mark.column < 0) return {};
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

class TreeEvents final : public YAML::EventHandler {
 public:
  YamlTree take() { return builder_.take(); }
  void more_documents() { builder_.more_documents(); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, builder_.null(mark_of(mark), anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, builder_.alias(mark_of(mark), anchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // yaml-cpp's tags: "?" for a plain scalar, "!" for a quoted one, else what was written.
    const bool plain = tag != "!" && tag != "tag:yaml.org,2002:str";
    check(mark, builder_.scalar(mark_of(mark), anchor, plain, value));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check(mark, builder_.begin(YamlNode::Kind::kSequence, mark_of(mark), anchor));
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check(mark, builder_.begin(YamlNode::Kind::kMap, mark_of(mark), anchor));
  }
  void OnSequenceEnd() override { check(last_, builder_.end()); }
  void OnMapEnd() override { check(last_, builder_.end()); }

 private:
  void check(const YAML::Mark& mark, const char* wrong) {
    last_ = mark;
    if (wrong != nullptr) throw Refused{mark_of(mark), wrong};
  }

  YamlTreeBuilder builder_;
  YAML::Mark last_;
};

// A stream over borrowed bytes, without a copy of them.
class BytesBuffer final : public std::streambuf {
 public:
  explicit BytesBuffer(std::string_view bytes) {
    char* begin = const_cast<char*>(bytes.data());
    setg(begin, begin, begin + bytes.size());
  }
};

Error invalid(YamlMark mark, std::string_view what) {
  if (mark.line == 0) return {ErrorCode::kInvalid, std::string(what)};
  return {ErrorCode::kInvalid, cat(mark.line, ":", mark.column, ": ", what)};
}

// A second document may be broken; the first was read by then.
bool has_more(YAML::Parser& parser) {
  try {
    return static_cast<bool>(parser);
  } catch (const std::exception&) {
    return true;
  }
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
    BytesBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    TreeEvents events;
    if (parser.HandleNextDocument(events) && has_more(parser)) events.more_documents();
    return events.take();
  } catch (const Refused& refused) {
    return invalid(refused.mark, refused.why);
  } catch (const YAML::Exception& exception) {
    return invalid(mark_of(exception.mark), exception.msg);
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
