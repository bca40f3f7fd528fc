package dev.unroll.cli.report;

/**
 * Keeps the heap of a long training near the size of what lives in it. The collector of short
 * pauses lets old objects, such as the buffers of a validation, lie until a quarter of the
 * machine's memory is full.
 */
final class HeapKeeper {

  /** Garbage that is left alone: a small training needs no collection. */
  private static final long LEAST_BYTES = 256L << 20;

  private long living;

  /** Collects old objects if they may be most of the heap. */
  void collect() {
    if (used() > 2 * living + LEAST_BYTES) {
      System.gc();
      living = used();
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
