// The forwarder's coroutines, and the only ones of this room: one per request in flight, one per large payload that is
// being compressed, and the wait of a flush. They decide nothing; forward/forwarder.cpp does.
#include <algorithm>
#include <exception>
#include <utility>

#include "base/limits.hpp"
#include "forward/forwarder_state.hpp"
#include "forward/retry.hpp"

namespace agent {

Task<> Forwarder::State::drain(std::shared_ptr<State> state, Steady until) {
  if (state->flush.number == 0) state->begin_flush(false);
  const Steady cut = state->hold_limit(until);
  while (!state->stopped) {
    state->pump();
    const Steady now = Now::read().steady;
    state->stop_waiting(now, cut);
    const Steady wake = state->waits_until(now, cut);
    if (wake <= now) break;
    co_await state->changed.wait(wake);
  }
  state->compressor.release();
}

Task<Forwarder::State::Answer> Forwarder::State::attempt(std::shared_ptr<State> state, std::shared_ptr<Lane> lane,
                                                         ShipmentPtr shipment) {
  Answer answer;
  const Steady deadline = shipment->sent + state->options.request_timeout;
  const std::uint64_t generation = lane->peer().generation;
  std::unique_ptr<Transport> connection = lane->peer().take(shipment->sent);
  bool reused = connection != nullptr;
  const ClientRequest request = state->request_of(*lane, *shipment);
  while (!state->stopped && !shipment->given_up) {
    if (!connection) {
      connection = state->connect(state->loop, lane->peer().url, state->tls, lane->peer().proxy);
      shipment->under_way = connection.get();
      const Steady open_by = std::min(deadline, Now::read().steady + limits::kConnectTimeout);
      const Status opened = co_await connection->open(open_by);
      if (!opened) {
        shipment->under_way = nullptr;
        answer.error = opened.error().text;
        break;
      }
    }
    shipment->under_way = connection.get();
    Result<ClientResponse> response = co_await connection->exchange(request, limits::kResponseBytesMax, deadline);
    shipment->under_way = nullptr;
    if (response) {
      answer.status = response->status;
      answer.pause = retry_after(response->header("retry-after"), response->header("date"));
      if (!state->stopped) lane->peer().keep(std::move(connection), generation);
      break;
    }
    answer.maybe_taken = answer.maybe_taken || connection->sent_before_failure();
    if (!reused || response.error().code == ErrorCode::kTimeout) {
      answer.error = std::move(response.error().text);
      break;
    }
    // The peer had closed the connection while it was idle: another one is no further attempt.
    connection.reset();
    reused = false;
  }
  co_return answer;
}

Task<> Forwarder::State::send(std::shared_ptr<State> state, std::shared_ptr<Lane> lane, ShipmentPtr shipment) {
  Answer answer;
  try {
    answer = co_await attempt(state, lane, shipment);
  } catch (const std::exception& e) {
    answer.error = e.what();
    answer.maybe_taken = true;
    shipment->under_way = nullptr;
  }
  if (state->stopped) co_return;
  const Body& body = *shipment->body;
  if (answer.status == 0 || judge(answer.status) != Verdict::kHalve || body.shape.parts.size() < 2) {
    state->settle(lane, shipment, answer);
    co_return;
  }
  const auto halves = std::make_shared<Packed>();
  if (body.raw_bytes < limits::kOffloadBytesMin) {
    halve(body, shipment->envelope->packing, state->compressor, *halves);
  } else {
    std::function<void()> job = [shipment, halves] {
      Compressor own;
      halve(*shipment->body, shipment->envelope->packing, own, *halves);
    };
    co_await state->offload.run(std::move(job));
    if (state->stopped) co_return;
  }
  state->replace(lane, shipment, std::move(*halves));
}

Task<> Forwarder::State::prepare(std::shared_ptr<State> state, std::shared_ptr<Preparation> work) {
  std::function<void()> job = [work] {
    Compressor own;
    for (RawBody& raw : work->raw) pack(std::move(raw), work->envelope->packing, own, work->packed);
    work->raw.clear();
  };
  co_await state->offload.run(std::move(job));
  if (!state->stopped) state->prepared(work);
}

}  // namespace agent
