package dev.unroll.cli.report;

/**
 * Keeps the heap of a long training near the size of what lives in it. By itself the JVM collects
 * old objects, such as the buffers of a validation, only when the heap has grown to a quarter of
 * the machine's memory.
 */
final class HeapKeeper {

  /** Less garbage is not worth a collection: a small training has none. */
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
