// MessagePack, read in one pass: a pull reader over borrowed bytes that believes nothing that it is told.
//
// Every length and count is compared with the bytes that are there before it is believed; skipping needs neither
// recursion nor a stack, whatever the depth. A value of another kind than asked for is left where it is, so that the
// caller may skip it and go on; only truncated or impossible bytes are a failure, which stays. It refuses to be a
// document model: nothing is stored, nothing is allocated, nothing is thrown; texts are views into the caller's bytes
// and are not looked at (UTF-8 is the caller's business).
//
// Called by plugins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sls::msgpack {

enum class Kind : std::uint8_t {
  kNone,  // the end, or nothing that MessagePack knows
  kNil,
  kBoolean,
  kInteger,
  kFloat,
  kString,
  kBinary,
  kArray,
  kMap,
  kExtension
};

class Reader {
 public:
  Reader() = default;
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  // Of the value that comes next.
  Kind kind() const;
  // True: truncated, or a byte or count that cannot be. Nothing is read any more.
  bool failed() const { return failed_; }
  bool at_end() const { return at_ == bytes_.size(); }
  std::size_t offset() const { return at_; }

  // Each takes the next value if it is of that kind (and fits); otherwise it stays and the answer is false.
  bool take_nil();
  bool take_boolean(bool& out);
  bool take_unsigned(std::uint64_t& out);  // negative ones do not fit
  bool take_signed(std::int64_t& out);     // those above the greatest signed one do not fit
  bool take_number(double& out);           // floats of both widths and integers
  bool take_string(std::string_view& out);
  bool take_binary(std::string_view& out);
  // Elements, or pairs of key and value, follow; there are at least as many bytes left as they need at the least.
  bool enter_array(std::size_t& count);
  bool enter_map(std::size_t& count);
  // Steps over one value with all that is in it. False: failed.
  bool skip();

 private:
  struct Head {
    Kind kind = Kind::kNone;
    std::size_t bytes = 0;    // of the head
    std::uint64_t value = 0;  // length, count, or the bits of a scalar
    bool negative = false;
    bool narrow = false;  // a float of 4 bytes
  };
  bool read(Head& out) const;
  bool take_bytes(Kind kind, std::string_view& out);
  bool enter(Kind kind, std::size_t& count);
  bool fail() { return failed_ = true, false; }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace sls::msgpack
