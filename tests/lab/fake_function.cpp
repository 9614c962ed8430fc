// A function for the lab's own tests; the event is its order: "crash", "kill", "hang", "error", else it answers what it
// got.
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "lab/http.hpp"

int main() {
  const std::string api = std::getenv("AWS_LAMBDA_RUNTIME_API");
  std::uint16_t port = 0;
  std::from_chars(api.data() + api.find(':') + 1, api.data() + api.size(), port);
  lab::HttpClient runtime("127.0.0.1", port);
  for (;;) {
    const auto next = runtime.send("GET", "/2018-06-01/runtime/invocation/next", {}, {}, -1);
    if (next.status != 200) return 0;
    std::printf("got %s\n", next.body.c_str());
    std::fflush(stdout);
    if (next.body == "crash") std::abort();
    if (next.body == "kill") std::raise(SIGKILL);
    if (next.body == "hang") pause();
    const std::string at =
        "/2018-06-01/runtime/invocation/" + std::string(next.header("lambda-runtime-aws-request-id"));
    if (next.body == "error")
      runtime.send("POST", at + "/error", R"({"errorType":"Boom","errorMessage":"as ordered"})");
    else
      runtime.send("POST", at + "/response", next.body);
  }
}
