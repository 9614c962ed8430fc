#include "plugin/resume.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <new>

#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/running_call.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SLS_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLS_SANITIZED
#endif

namespace agent {
namespace {

constexpr std::array<int, 5> kFatalSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kStackBytes = 64 << 10;  // of which only what is used costs memory
constexpr unsigned kCloseRangeCloexec = 1u << 2;
#ifdef SLS_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#ifdef NDEBUG
constexpr bool kInvariantsAbort = false;
#else
constexpr bool kInvariantsAbort = true;  // base/invariant: to be seen, not to be survived
#endif

// All that the handler needs was made before: it allocates nothing.
struct Prepared {
  ResumeRecord* record = nullptr;
  int descriptor = -1;
  pid_t loop_thread = 0;
  std::string own_file;
  std::string variable;
  std::vector<char*> arguments, environment;
  void (*totals)(void*, ResumeRecord&) = nullptr;
  void* argument = nullptr;
};

ResumeRecord unread;  // in place of a memfd
alignas(64) char stack_of_handlers[kStackBytes];
volatile sig_atomic_t stage = 0;

// Never destroyed: handlers may run to the last instruction of the process.
Prepared& prepared() {
  static Prepared& made = *new Prepared;
  return made;
}

void keep(int descriptor) {
  if (descriptor >= 0) ::fcntl(descriptor, F_SETFD, 0);
}

// False: there are too many faults of the host's own to go on.
bool note_fault(int signal, bool hang) {
  Prepared& own = prepared();
  ResumeRecord& record = *own.record;
  const bool in_call = ::gettid() == own.loop_thread && running_call.row < record.plugin_count;
  record.culprit = in_call ? running_call.row : kNoPlugin;
  if (!in_call && signal == SIGABRT && kInvariantsAbort) return false;
  if (!in_call && ++record.host_faults > limits::kHostFaultsMax * 2) return false;
  if (in_call) ++record.plugins[record.culprit].faults;
  record.signal = signal;
  record.hang = hang ? 1 : 0;
  record.slot.clear();
  if (const char* slot = running_call.slot; in_call && slot) record.slot.assign(slot);
  record.ledger_count = record.counter_count = 0;
  return true;
}

void run_again() {
  Prepared& own = prepared();
  const ResumeRecord& record = *own.record;
  stop_watchdog();
  ::syscall(SYS_close_range, 3u, ~0u,
            kCloseRangeCloexec);  // what plugins have opened; an older kernel has no such call
  keep(own.descriptor);
  if (record.awaited != ResumeRecord::kNothing) keep(record.platform_descriptor);
  keep(record.receiver_descriptor);
  ::execve("/proc/self/exe", own.arguments.data(), own.environment.data());
}

void end_life(int signal, bool hang) {
  stage = stage + 1;
  if (prepared().record->ended != 0) ::_exit(0);
  if (stage == 1 && note_fault(signal, hang)) {
    Prepared& own = prepared();
    if (own.totals) own.totals(own.argument, *own.record);
    stage = 2;
  }
  if (stage == 2) run_again();
  // It cannot be helped: the signal does what it does without us.
  for (int fatal : kFatalSignals) ::signal(fatal, SIG_DFL);
  ::raise(hang ? SIGABRT : signal);
}

void on_fatal(int signal) { end_life(signal, false); }
void on_hang() { end_life(0, true); }

void install_handlers() {
  stack_t stack{};
  stack.ss_sp = stack_of_handlers;
  stack.ss_size = sizeof stack_of_handlers;
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = on_fatal;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;  // a fault of the handler comes back to it
  ::sigfillset(&action.sa_mask);
  for (int fatal : kFatalSignals) ::sigdelset(&action.sa_mask, fatal);
  for (int fatal : kFatalSignals) ::sigaction(fatal, &action, nullptr);
}

// The mask survives an exec. Of a life that ended in a handler the others stay blocked until accept_signals().
void unblock_fatal_signals() {
  sigset_t fatal;
  ::sigemptyset(&fatal);
  for (int signal : kFatalSignals) ::sigaddset(&fatal, signal);
  ::sigaddset(&fatal, SIGRTMIN + 3);
  ::sigprocmask(SIG_UNBLOCK, &fatal, nullptr);
}

ResumeRecord* map(int descriptor) {
  void* where = ::mmap(nullptr, sizeof(ResumeRecord), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  return where == MAP_FAILED ? nullptr : static_cast<ResumeRecord*>(where);
}

// The record that came along: of this process, made by this executable.
ResumeRecord* inherit(std::string_view number, int& descriptor) {
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), descriptor);
  struct stat file {};
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) return nullptr;
  if (::fstat(descriptor, &file) != 0 || file.st_size != static_cast<off_t>(sizeof(ResumeRecord))) return nullptr;
  ResumeRecord* record = map(descriptor);
  const bool ours = record && record->magic == ResumeRecord::kMagic && record->bytes == sizeof(ResumeRecord)
                    && record->process == ::getpid();
  if (ours) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  if (record && !ours) ::munmap(record, sizeof(ResumeRecord));
  return ours ? record : nullptr;
}

ResumeRecord* create(int& descriptor) {
  descriptor = ::memfd_create("serverless-agent", MFD_CLOEXEC);
  if (descriptor < 0) return nullptr;
  ResumeRecord* record = nullptr;
  if (::ftruncate(descriptor, sizeof(ResumeRecord)) == 0) record = map(descriptor);
  if (!record) {
    ::close(descriptor);
    return nullptr;
  }
  record->magic = ResumeRecord::kMagic;
  record->bytes = sizeof(ResumeRecord);
  record->process = ::getpid();
  record->platform_descriptor = record->receiver_descriptor = -1;
  return record;
}

void prepare_exec(const std::string& own_file, const std::vector<const char*>& environment) {
  Prepared& own = prepared();
  own.own_file = own_file;
  own.variable = cat(kResumeVariable, "=", own.descriptor);
  own.arguments = {own.own_file.data(), nullptr};
  const std::string prefix = cat(kResumeVariable, "=");
  for (const char* entry : environment)
    if (std::string_view(entry).substr(0, prefix.size()) != prefix)
      own.environment.push_back(const_cast<char*>(entry));  // execve's own type; nobody writes there
  own.environment.push_back(own.variable.data());
  own.environment.push_back(nullptr);
}

std::string_view earlier_number(const std::vector<const char*>& environment) {
  for (const char* entry : environment) {
    const std::string_view text = entry;
    if (text.size() > kResumeVariable.size() && text.substr(0, kResumeVariable.size()) == kResumeVariable
        && text[kResumeVariable.size()] == '=')
      return text.substr(kResumeVariable.size() + 1);
  }
  return {};
}

std::string_view name_of_signal(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGABRT: return "SIGABRT";
    default: return "a signal";
  }
}

}  // namespace

std::unique_ptr<const ResumeRecord> Resume::prepare(const std::string& own_file,
                                                    const std::vector<const char*>& environment) {
  if (kSanitized) return nullptr;
  unblock_fatal_signals();
  Prepared& own = prepared();
  std::unique_ptr<ResumeRecord> before;
  if (const std::string_view number = earlier_number(environment); !number.empty()) {
    own.record = inherit(number, own.descriptor);
    if (own.record) before = std::make_unique<ResumeRecord>(*own.record);
    if (own.record) own.record->signal = 0;
    if (own.record) ::prctl(PR_SET_NAME, own_file.substr(own_file.rfind('/') + 1).c_str());  // it would be "exe"
  }
  if (!own.record) own.record = create(own.descriptor);
  if (!own.record) return nullptr;  // as before there were handlers: the signal ends the process
  own.loop_thread = ::gettid();
  prepare_exec(own_file, environment);
  install_handlers();
  prepare_watchdog(&on_hang);
  return before;
}

ResumeRecord& Resume::record() { return prepared().record ? *prepared().record : unread; }

void Resume::on_fault(void (*totals)(void*, ResumeRecord&), void* argument) {
  prepared().argument = argument;
  prepared().totals = totals;
}

void Resume::accept_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

std::uint32_t resume_row(std::string_view path) {
  ResumeRecord& record = Resume::record();
  for (std::uint32_t i = 0; i < record.plugin_count; ++i)
    if (record.plugins[i].path.holds(path)) return i;
  if (record.plugin_count >= ResumeRecord::kRowsMax) return kNoPlugin;
  record.plugins[record.plugin_count].path.assign(path);
  return record.plugin_count++;
}

void name_resume_row(std::uint32_t row, std::string_view id) {
  if (row < ResumeRecord::kRowsMax) Resume::record().plugins[row].id.assign(id);
}

bool is_out(std::uint32_t row) {
  return row < ResumeRecord::kRowsMax && Resume::record().plugins[row].faults >= limits::kPluginFaultsMax;
}

bool is_idle_only(const ResumeRecord& before) { return before.host_faults >= limits::kHostFaultsMax; }

std::string what_happened(const ResumeRecord& before) {
  const std::string how =
      before.hang != 0 ? std::string("never returned") : cat("raised ", name_of_signal(before.signal));
  if (before.culprit >= ResumeRecord::kRowsMax)
    return cat("the agent itself ", how, " (fault ", before.host_faults, " of this sandbox; please report it)",
               is_idle_only(before) ? " and only asks for events from now on; the function goes on" : "");
  const ResumeRecord::PluginRow& row = before.plugins[before.culprit];
  const std::string_view name = row.id.empty() ? row.path.view() : row.id.view();
  return cat("plugin ", name, " ", how, " in ", before.slot.view(),
             row.faults >= limits::kPluginFaultsMax
                 ? "; it is out for this sandbox: disable it (DD_PLUGINS_DISABLED) or deploy another build"
                 : "; it gets one more chance, then it is out for this sandbox: ask its author");
}

}  // namespace agent
