package dev.unroll.spark;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.model.LanguageModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors whose local disk is full: a small file system in memory, which root may mount. */
class FullDiskTest {

  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectories(folder.resolve("disk"));
    // RocksDB reserves 4 MB a partition and more for each version that it opens.
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64m", "unroll", disk.toString()) == 0,
        "no file system can be mounted here");
    Local.stop();
  }

  @AfterEach
  void unmount() throws Exception {
    Local.stop();
    run("umount", "-l", disk.toString());
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1; // there is no such program
    }
  }

  /** Another program that takes every byte that becomes free, also what Spark deletes meanwhile. */
  private static final class Filler {

    private final Path file;
    private final Thread thread = Thread.ofPlatform().unstarted(this::fill);
    private final CountDownLatch full = new CountDownLatch(1);
    private volatile @Nullable IOException problem;
    private volatile boolean closed;

    Filler(Path file) throws InterruptedException {
      this.file = file;
      thread.start();
      assertThat(full.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(problem).hasMessageContaining("No space left");
    }

    private void fill() {
      byte[] some = new byte[1 << 12];
      while (!closed) {
        try (OutputStream out = Files.newOutputStream(file, CREATE, APPEND)) {
          while (!closed) {
            out.write(some);
          }
        } catch (IOException e) {
          problem = e;
          full.countDown(); // there is no space left, until Spark's cleaners delete something
          LockSupport.parkNanos(100_000);
        }
      }
    }

    void makeRoom() throws Exception {
      closed = true;
      thread.join();
      Files.delete(file);
    }
  }

  @Test
  void aStreamFailsClearlyAndGoesOnOnceThereIsRoom() throws Exception {
    var builder = Local.builder("local[2]").config("spark.local.dir", disk.toString());
    Streams.store().forEach(builder::config);
    SparkSession session = builder.getOrCreate();
    LanguageModel model = Streams.model();
    var streams = new Streams(folder.resolve("streams"));
    streams.add(2, 10);
    var scorer = new UnrollScoreSessions().setModel(model);
    streams.run(scorer.transform(streams.stream(session)));
    List<String> before = streams.written(session);
    assertThat(before).isEqualTo(streams.expected(model));

    streams.add(2, 10);
    var filler = new Filler(disk.resolve("filler"));
    try {
      assertThatThrownBy(() -> streams.run(scorer.transform(streams.stream(session))))
          .hasStackTraceContaining("No space left on device");
    } finally {
      filler.makeRoom();
    }
    assertThat(streams.written(session)).isEqualTo(before);
    streams.run(scorer.transform(streams.stream(session)));
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
  }
}
