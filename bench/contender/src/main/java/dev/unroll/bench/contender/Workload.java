package dev.unroll.bench.contender;

/** What contenders do, the same for all: a shape of layers, or a network of a task. */
public interface Workload {

  /** Returns what is timed. */
  Work work();

  /** Returns it in words, without the work. */
  String title();

  /** Returns what it has in common with others, such as its cell, for means over them. */
  String kind();

  /** Returns the request to {@link ContenderServer} that prepares it. */
  String request();

  /** Returns the floating-point operations of the matrix products of one run. */
  double operations();
}
