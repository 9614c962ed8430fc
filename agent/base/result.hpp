// Result<T>: a value, or an Error that says in one sentence what was found and what was wanted.
//
// The way every expected failure of the host travels. Not for broken invariants (base/invariant.hpp) and not for
// exceptions of third parties: those are caught in the one file that calls them and turned into this.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace agent {

enum class ErrorCode {
  kInvalid,      // what was given cannot be used
  kNotFound,     // it does not exist
  kUnsupported,  // known, but not here
  kDenied,       // permission, or 401/403
  kRefused,      // nobody listens
  kClosed,       // the other side went away
  kTimeout,      // the deadline passed
  kFull,         // a bound was reached
  kProtocol,     // the other side speaks nonsense
  kIo,           // the operating system says no
};

struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  std::string text;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return content_.index() == 0; }
  T& operator*() & { return *std::get_if<0>(&content_); }
  const T& operator*() const& { return *std::get_if<0>(&content_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&content_)); }
  T* operator->() { return std::get_if<0>(&content_); }
  const T* operator->() const { return std::get_if<0>(&content_); }
  Error& error() { return *std::get_if<1>(&content_); }
  const Error& error() const { return *std::get_if<1>(&content_); }

 private:
  std::variant<T, Error> content_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}

  explicit operator bool() const { return !failed_; }
  Error& error() { return error_; }
  const Error& error() const { return error_; }

 private:
  bool failed_ = false;
  Error error_;
};

using Status = Result<void>;

}  // namespace agent
