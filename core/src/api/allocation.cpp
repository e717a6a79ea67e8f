// One allocator for all that exchanges memory. libkith has a C++ runtime of its own (core/CMakeLists.txt says why), but
// strings and the like go to and fro between it and the shared C++ libraries that it uses (SOCI, date), which allocate
// with the functions that the process has: those of its own program, of a sanitizer, or of its C++ library. So libkith
// allocates with the same ones, each by its own, as who checks pairs expects it. They are looked up as the loader
// would.
#include <dlfcn.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

/// A function of the process, by its mangled name.
template <class Function>
class OfProcess {
 public:
  explicit constexpr OfProcess(const char* name) : name_(name) {}
  template <class... Arguments>
  auto operator()(Arguments... arguments) {
    Function* function = found_.load(std::memory_order_relaxed);
    if (function == nullptr) function = find();
    return function(arguments...);
  }

 private:
  Function* find() {
    auto* function = reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name_));
    if (function == nullptr) std::abort();  // SOCI's libraries bring a C++ library, so there is one
    found_.store(function, std::memory_order_relaxed);
    return function;
  }
  const char* name_;
  std::atomic<Function*> found_{nullptr};
};

using Nothrow = const std::nothrow_t&;
using Align = std::align_val_t;
using Size = std::size_t;

constinit OfProcess<void*(Size)> new_one("_Znwm"), new_many("_Znam");
constinit OfProcess<void*(Size, Align)> new_one_aligned("_ZnwmSt11align_val_t"),
    new_many_aligned("_ZnamSt11align_val_t");
constinit OfProcess<void*(Size, Nothrow)> try_one("_ZnwmRKSt9nothrow_t"), try_many("_ZnamRKSt9nothrow_t");
constinit OfProcess<void*(Size, Align, Nothrow)> try_one_aligned("_ZnwmSt11align_val_tRKSt9nothrow_t"),
    try_many_aligned("_ZnamSt11align_val_tRKSt9nothrow_t");
constinit OfProcess<void(void*)> delete_one("_ZdlPv"), delete_many("_ZdaPv");
constinit OfProcess<void(void*, Size)> delete_one_sized("_ZdlPvm"), delete_many_sized("_ZdaPvm");
constinit OfProcess<void(void*, Align)> delete_one_aligned("_ZdlPvSt11align_val_t"),
    delete_many_aligned("_ZdaPvSt11align_val_t");
constinit OfProcess<void(void*, Size, Align)> delete_one_sized_aligned("_ZdlPvmSt11align_val_t"),
    delete_many_sized_aligned("_ZdaPvmSt11align_val_t");

// What the process throws for want of memory may be of another C++ runtime, whose types are not known here.
template <class Allocate>
void* or_bad_alloc(Allocate&& allocate) {
  try {
    return allocate();
  } catch (...) {
    throw std::bad_alloc();
  }
}

}  // namespace

void* operator new(Size size) {
  return or_bad_alloc([size] { return new_one(size); });
}
void* operator new[](Size size) {
  return or_bad_alloc([size] { return new_many(size); });
}
void* operator new(Size size, Align align) {
  return or_bad_alloc([=] { return new_one_aligned(size, align); });
}
void* operator new[](Size size, Align align) {
  return or_bad_alloc([=] { return new_many_aligned(size, align); });
}
void* operator new(Size size, Nothrow nothrow) noexcept { return try_one.operator()<Size, Nothrow>(size, nothrow); }
void* operator new[](Size size, Nothrow nothrow) noexcept { return try_many.operator()<Size, Nothrow>(size, nothrow); }
void* operator new(Size size, Align align, Nothrow nothrow) noexcept {
  return try_one_aligned.operator()<Size, Align, Nothrow>(size, align, nothrow);
}
void* operator new[](Size size, Align align, Nothrow nothrow) noexcept {
  return try_many_aligned.operator()<Size, Align, Nothrow>(size, align, nothrow);
}

void operator delete(void* block) noexcept { delete_one(block); }
void operator delete[](void* block) noexcept { delete_many(block); }
void operator delete(void* block, Size size) noexcept { delete_one_sized(block, size); }
void operator delete[](void* block, Size size) noexcept { delete_many_sized(block, size); }
void operator delete(void* block, Align align) noexcept { delete_one_aligned(block, align); }
void operator delete[](void* block, Align align) noexcept { delete_many_aligned(block, align); }
void operator delete(void* block, Size size, Align align) noexcept { delete_one_sized_aligned(block, size, align); }
void operator delete[](void* block, Size size, Align align) noexcept { delete_many_sized_aligned(block, size, align); }
void operator delete(void* block, Nothrow) noexcept { delete_one(block); }
void operator delete[](void* block, Nothrow) noexcept { delete_many(block); }
void operator delete(void* block, Align align, Nothrow) noexcept { delete_one_aligned(block, align); }
void operator delete[](void* block, Align align, Nothrow) noexcept { delete_many_aligned(block, align); }
