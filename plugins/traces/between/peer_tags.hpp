// The tags of a span that name its peer: part of what its statistics are told apart by, when it is a call to
// somebody else. Called by stats; the table of keys is shown to tracers by /info.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "span.hpp"

namespace traces {

// Sorted.
inline constexpr char kPeerTagKeys[][34] = {"_dd.base_service",
                                            "active_record.db.vendor",
                                            "amqp.destination",
                                            "amqp.exchange",
                                            "amqp.queue",
                                            "aws.queue.name",
                                            "aws.s3.bucket",
                                            "bucketname",
                                            "cassandra.keyspace",
                                            "db.cassandra.contact.points",
                                            "db.couchbase.seed.nodes",
                                            "db.hostname",
                                            "db.instance",
                                            "db.name",
                                            "db.namespace",
                                            "db.system",
                                            "db.type",
                                            "dns.hostname",
                                            "grpc.host",
                                            "hostname",
                                            "http.host",
                                            "http.server_name",
                                            "messaging.destination",
                                            "messaging.destination.name",
                                            "messaging.kafka.bootstrap.servers",
                                            "messaging.rabbitmq.exchange",
                                            "messaging.system",
                                            "mongodb.db",
                                            "msmq.queue.path",
                                            "net.peer.name",
                                            "network.destination.ip",
                                            "network.destination.name",
                                            "out.host",
                                            "peer.hostname",
                                            "peer.service",
                                            "queuename",
                                            "rpc.service",
                                            "rpc.system",
                                            "sequel.db.vendor",
                                            "server.address",
                                            "streamname",
                                            "tablename",
                                            "topicname"};

// Whose spans are counted, whether or not they enter a service.
inline constexpr std::string_view kCountedKinds[] = {"client", "consumer", "producer", "server"};
// In any case.
bool is_counted_kind(std::string_view span_kind);

class PeerTags {
 public:
  // "key:value" in the order of the table, addresses quantised; valid until the next call. Spans that are no call to
  // somebody else have their base service at the most.
  const std::vector<std::string_view>& of(const Span& span);

 private:
  struct Found {
    std::string_view key;
    std::size_t begin, end;  // in texts_
  };
  void add(std::string_view key, std::string_view value);

  std::string texts_;
  std::vector<Found> found_;
  std::vector<std::string_view> tags_;
};

}  // namespace traces
