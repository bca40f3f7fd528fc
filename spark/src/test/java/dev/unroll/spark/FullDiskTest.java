package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.model.LanguageModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
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
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "unroll", disk.toString()) == 0,
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

  private Path fill() throws IOException {
    Path filler = disk.resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] some = new byte[1024];
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
    return filler;
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
    Path filler = fill();
    assertThatThrownBy(() -> streams.run(scorer.transform(streams.stream(session))))
        .hasStackTraceContaining("No space left on device");
    Files.delete(filler);
    assertThat(streams.written(session)).isEqualTo(before);
    streams.run(scorer.transform(streams.stream(session)));
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
  }
}
