/* The least that an extension can do: registers, asks for the next event, and asks again after each.
 *
 * Linked statically, one blocking socket, no settings, no plugins. What starting the agent costs is told as a ratio to
 * this (tests/bench/world_bench.cpp). Reads AWS_LAMBDA_RUNTIME_API. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char answer[16384];

/* Sends and reads one answer whole; returns its length, -1 when the peer went away. */
static int exchange(int peer, const char* request, int length) {
  if (write(peer, request, (size_t)length) != length) return -1;
  int got = 0;
  for (;;) {
    ssize_t n = read(peer, answer + got, sizeof answer - 1 - (size_t)got);
    if (n <= 0) return -1;
    got += (int)n;
    answer[got] = 0;
    const char* end = strstr(answer, "\r\n\r\n");
    const char* announced = strcasestr(answer, "content-length:");
    if (end != NULL && got >= (int)(end + 4 - answer) + (announced != NULL ? atoi(announced + 15) : 0)) return got;
  }
}

int main(void) {
  const char* api = getenv("AWS_LAMBDA_RUNTIME_API");
  const char* colon = api != NULL ? strrchr(api, ':') : NULL;
  if (colon == NULL) return 1;
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)atoi(colon + 1));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int peer = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(peer, (struct sockaddr*)&address, sizeof address) != 0) return 1;

  char request[1024];
  const char* events = "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}";
  int length = snprintf(request, sizeof request,
                        "POST /2020-01-01/extension/register HTTP/1.1\r\nHost: %s\r\nLambda-Extension-Name: floor\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        api, strlen(events), events);
  if (exchange(peer, request, length) < 0) return 1;
  char id[64] = "";
  const char* header = strcasestr(answer, "lambda-extension-identifier:");
  if (header == NULL || sscanf(header + 28, " %63[^\r]", id) != 1) return 1;
  length = snprintf(
      request, sizeof request,
      "GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: %s\r\nLambda-Extension-Identifier: %s\r\n\r\n", api, id);
  while (exchange(peer, request, length) >= 0)
    if (strstr(answer, "SHUTDOWN") != NULL) break;
  return 0;
}
