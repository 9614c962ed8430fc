// Hides what must not leave: every occurrence of a configured text in the lines of the function becomes "[hidden]".
// Stage EDIT: it runs before those that ship, and a replaced text takes the record's unedited JSON with it.
//
//   plugins:
//     acme-redactor:
//       texts: [hunter2, "4111 1111"]
#include <sls/options.hpp>
#include <sls/plugin.hpp>

namespace {

struct Options {
  std::vector<std::string> texts;
  std::string replacement;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&Options::texts>("texts", {.about = "Texts that are hidden wherever they occur.", .type = "list"}),
        sls::row<&Options::replacement>("replacement",
                                        {.fallback = "[hidden]", .about = "What stands there instead."}));
  }
};

class Redactor {
 public:
  Redactor(sls::Host host, const sls::Sandbox& sandbox) : hidden_(host.counter("lines_edited")) {
    auto [options, findings] = sls::read_options<Options>(sandbox);
    for (const std::string& finding : findings) host.warn(finding);
    options_ = std::move(options);
  }

  void on_telemetry(sls::Telemetry batch) {
    edited_.clear();
    edited_.reserve(batch.size());  // the records point into it: it may not move
    for (sls::Record record : batch.of_kind(sls::RecordKind::function)) {
      std::string text(record.text());
      if (!hide(text)) continue;
      edited_.push_back(std::move(text));
      record.replace_text(edited_.back());
      hidden_.add();
    }
  }

 private:
  bool hide(std::string& text) const {
    bool found = false;
    for (const std::string& secret : options_.texts) {
      if (secret.empty()) continue;
      for (std::size_t at = text.find(secret); at != text.npos;
           at = text.find(secret, at + options_.replacement.size())) {
        text.replace(at, secret.size(), options_.replacement);
        found = true;
      }
    }
    return found;
  }

  sls::Counter hidden_;
  Options options_;
  std::vector<std::string> edited_;
};

}  // namespace

SLS_PLUGIN_WITH(Redactor, {.id = "acme-redactor",
                           .version = "1.0.0",
                           .about = "Hides configured texts.",
                           .stage = sls::Stage::edit,
                           .options = sls::option_table<Options>()});
