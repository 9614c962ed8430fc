// Answers requests with what no HTTP answer may be; the request's query says which.
#include <sls/options.hpp>
#include <sls/plugin.hpp>

struct Options {
  std::string address;
  static constexpr auto rows() {
    return sls::rows(sls::row<&Options::address>("address", {.fallback = "127.0.0.1:0", .about = "Where it listens."}));
  }
};

class OddResponses {
 public:
  OddResponses(sls::Host, const sls::Sandbox& sandbox) : options_(sls::read_options<Options>(sandbox).options) {}
  void interests(sls::Interests& want) { want.add_route({options_.address, "GET", "/odd"}); }
  sls::Response on_request(const sls::Request& request) {
    if (request.query() == "status") return {.status = 99999};
    if (request.query() == "informational") return {.status = 101};
    if (request.query() == "split") return {.headers = kSplit, .body = "split"};
    if (request.query() == "length") return {.headers = kLength, .body = "length"};
    if (request.query() == "body") return {.status = 204, .body = "a body where none may be"};
    return {.body = "good"};
  }

 private:
  static constexpr sls_pair kSplit[] = {sls::pair("X-Split", "a\r\nX-Second: b"), sls::pair("X Name:", "c")};
  static constexpr sls_pair kLength[] = {sls::pair("Content-Length", "1"), sls::pair("Transfer-Encoding", "chunked")};
  Options options_;
};
SLS_PLUGIN_WITH(OddResponses, {.id = "odd-responses",
                               .version = "1.0.0",
                               .about = "Answers what no answer may be.",
                               .options = sls::option_table<Options>()});
