// Bytes that a test lends to a plugin for one call, and takes back.
//
// Everything that goes into a call is copied into blocks of exactly its size; when the call has returned they are
// overwritten, so that a view that was kept shows rubbish, and under AddressSanitizer reading it is an error at once.
//
// Used by sls/testing.hpp only.
#pragma once

#include <sls/text.hpp>

#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define SLS_DETAIL_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLS_DETAIL_ASAN 1
#endif
#endif
#ifdef SLS_DETAIL_ASAN
extern "C" void __asan_poison_memory_region(const volatile void* begin, std::size_t size);
extern "C" void __asan_unpoison_memory_region(const volatile void* begin, std::size_t size);
#endif

namespace sls::testing {

using Strings = std::vector<std::pair<std::string, std::string>>;

class Loan {
 public:
  static constexpr std::size_t kBytesBehind = 64;              // readable behind bodies, payloads and packets
  static constexpr std::size_t kTakenBackBytesMax = 16 << 20;  // beyond this the oldest blocks are freed
  static constexpr char kRubbish = '\xDD';

  Loan() = default;
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  ~Loan() {
    for (Block& block : taken_back_) lock(block, false);
  }

  sls_str bytes(std::string_view text, std::size_t behind = 0) {
    if (text.empty() && behind == 0) return {nullptr, 0};
    char* to = block(text.size() + behind);
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    std::memset(to + text.size(), 0, behind);
    return {to, text.size()};
  }
  sls_str body(std::string_view text) { return bytes(text, kBytesBehind); }
  sls_pairs pairs(const Strings& strings) {
    sls_pair* to = array<sls_pair>(strings.size());
    for (std::size_t i = 0; i < strings.size(); ++i) to[i] = {bytes(strings[i].first), bytes(strings[i].second)};
    return {to, strings.size()};
  }
  // Zeroed.
  template <class Struct>
  Struct* array(std::size_t count) {
    if (count == 0) return nullptr;
    char* to = block(count * sizeof(Struct));
    std::memset(to, 0, count * sizeof(Struct));
    return reinterpret_cast<Struct*>(to);
  }
  template <class Struct>
  Struct* one() {
    Struct* to = array<Struct>(1);
    to->size = sizeof(Struct);
    return to;
  }

  // The call has returned: what was lent is rubbish from here on.
  void take_back() {
    for (Block& block : lent_) {
      std::memset(block.bytes.get(), kRubbish, block.size);
      lock(block, true);
      taken_back_bytes_ += block.size;
      taken_back_.push_back(std::move(block));
    }
    lent_.clear();
    while (taken_back_bytes_ > kTakenBackBytesMax) {
      taken_back_bytes_ -= taken_back_.front().size;
      lock(taken_back_.front(), false);
      taken_back_.pop_front();
    }
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  char* block(std::size_t size) {
    lent_.push_back({std::make_unique<char[]>(size), size});
    return lent_.back().bytes.get();
  }
  static void lock([[maybe_unused]] const Block& block, [[maybe_unused]] bool on) {
#ifdef SLS_DETAIL_ASAN
    if (on)
      __asan_poison_memory_region(block.bytes.get(), block.size);
    else
      __asan_unpoison_memory_region(block.bytes.get(), block.size);
#endif
  }
  std::vector<Block> lent_;
  std::deque<Block> taken_back_;
  std::size_t taken_back_bytes_ = 0;
};

}  // namespace sls::testing
