package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.OtherJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the log of a program that runs with or without the Vector API. */
class VectorModuleTest {

  private static final String FLAG = "--add-modules=jdk.incubator.vector";

  @TempDir Path folder;

  /** Uses the kernels twice. */
  static final class Use {
    public static void main(String[] args) {
      var z = new float[8];
      for (int i = 0; i < 2; i++) {
        Functions.sigmoid(z, z, 0, z.length);
      }
      System.out.println(Kernels.description());
    }
  }

  private record Said(String out, String err) {}

  private Said run(Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    var builder = new ProcessBuilder(OtherJvm.command(Use.class, List.of(options)));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
    builder.environment().putAll(environment);
    assertThat(builder.start().waitFor()).as(() -> read(err)).isZero();
    return new Said(read(out), read(err));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void withoutItTheLogSaysOnceWhatToAddAndWhere() throws Exception {
    Said said = run(Map.of());
    assertThat(said.out).startsWith("kernels: scalar");
    assertThat(said.err)
        .containsOnlyOnce("WARNING: Unroll is several times slower than it can be")
        .contains(FLAG, "Surefire", "exec:exec", "Spring Boot", "Gradle", "JDK_JAVA_OPTIONS")
        .contains("docs/deploying.md#the-vector-module");
    assertThat(said.err.lines()).hasSizeLessThan(13);
    String heading = "## The Vector module";
    assertThat(Files.readString(Path.of("../docs/deploying.md")).lines()).contains(heading);
  }

  @Test
  void whoAsksForScalarKernelsIsNotWarned() throws Exception {
    assertThat(run(Map.of(), "-Dunroll.kernel=scalar").err).isEmpty();
  }

  @Test
  void withItNothingIsSaid() throws Exception {
    assertThat(run(Map.of(), FLAG).err).doesNotContain("Unroll");
  }

  @Test
  void bothVariablesOfTheEnvironmentAddIt() throws Exception {
    for (String name : List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")) {
      assertThat(run(Map.of(name, FLAG)).out).as(name).startsWith("kernels: vector");
    }
  }
}
