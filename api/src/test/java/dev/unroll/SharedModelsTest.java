package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One model serves any number of threads, and a call of a warm model allocates little. */
class SharedModelsTest {

  /** Units that make the buffers of ten words far larger than what a call may allocate. */
  private static final int WIDE = 300;

  @Test
  void threadsOfBothKindsGetTheAnswersOfOne() throws Exception {
    var models = new SharedModels(12);
    var calls = new ArrayList<Callable<Void>>();
    for (int length : new int[] {1, 10, 1500}) { // the last one is longer than what is kept
      var words = SharedModels.words(3, length);
      models.calls.forEach((name, call) -> calls.add(same(name, call, words)));
    }
    var often = new ArrayList<Callable<Void>>();
    Collections.nCopies(12, calls).forEach(often::addAll);
    Collections.shuffle(often, new Random(1));
    for (ExecutorService threads :
        List.of(Executors.newFixedThreadPool(8), Executors.newVirtualThreadPerTaskExecutor())) {
      try (threads) {
        for (Future<Void> each : threads.invokeAll(often)) {
          each.get();
        }
      }
    }
  }

  private static Callable<Void> same(
      String name, Function<List<String>, String> call, List<String> words) {
    String expected = call.apply(words);
    return () -> {
      assertThat(call.apply(words)).as(name).isEqualTo(expected);
      return null;
    };
  }

  /** In a JVM of its own with scalar kernels, where nothing depends on when they are compiled. */
  @Test
  void aWarmCallAllocatesLittle() throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dunroll.kernel=scalar",
            "-cp",
            System.getProperty("java.class.path"),
            Allocation.class.getName());
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (Stream<String> lines = process.inputReader().lines()) {
      var bytes = lines.map(line -> line.split(": ")).toList();
      assertThat(bytes).hasSize(11);
      assertThat(bytes)
          .allSatisfy(
              each -> assertThat(Long.parseLong(each[1])).as(each[0]).isLessThan(bound(each[0])));
    }
    assertThat(process.waitFor()).isZero();
  }

  /**
   * Most of it are the panels of scalar products, one small object each; with buffers of its own
   * each call would take some 200 KB more, those of the decoder 500 KB and more.
   */
  private static long bound(String call) {
    return switch (call) {
      case "score", "forecast" -> 400_000;
      case "transduce" -> 1_100_000;
      case "recognize" -> 2_200_000;
      default -> 620_000;
    };
  }

  /** A program: prints what each call allocates. */
  static final class Allocation {

    private Allocation() {}

    public static void main(String[] args) throws IOException {
      var words = SharedModels.words(3, 10);
      new SharedModels(WIDE)
          .calls.forEach((name, call) -> System.out.println(name + ": " + least(call, words)));
    }

    private static long least(Function<List<String>, String> call, List<String> words) {
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 50; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        call.apply(words);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      return least;
    }
  }
}
