package dev.unroll.interop.torch;

/** A name that a pickle imports, such as {@code torch._utils._rebuild_tensor_v2}: only a mark. */
record Global(String name) {}
