// What lifecycles do beside being asked: automatic transitions, raising others, applying or not.
#pragma once
#include "catalog/builder/builder.hpp"

namespace kith::internal::catalog {

/// "auto" and "order" of one transition.
void read_automatic(Builder& builder, const Item& item, const Lifecycle& lifecycle, Transition& transition);
/// Two automatic transitions that leave one state need an order.
void check_automatic_order(Builder& builder, const Lifecycle& lifecycle);
/// The hidden derivation that says what fires; `lifecycle` is about to get the next number.
void declare_automatic(Builder& builder, const Item& item, Lifecycle& lifecycle);
/// Its programs and reads, once every name is known and guards are compiled.
void resolve_automatic(Builder& builder, const Item& item, Derivation& derivation);

void read_lifecycle_order(Builder& builder, const Item& item, Lifecycle& lifecycle);
void resolve_raises(Builder& builder, const Item& item, Lifecycle& lifecycle);
/// Who is asked before whom in each slot; after all lifecycles are declared.
void resolve_slots(Builder& builder);

}  // namespace kith::internal::catalog
