// && and || of what is known on both sides already, without a branch: one that can't be foreseen costs more than the
// work that it saves.
#pragma once

namespace kith::internal::expr {

inline bool both(bool a, bool b) { return (static_cast<int>(a) & static_cast<int>(b)) != 0; }
inline bool either(bool a, bool b) { return (static_cast<int>(a) | static_cast<int>(b)) != 0; }

}  // namespace kith::internal::expr
