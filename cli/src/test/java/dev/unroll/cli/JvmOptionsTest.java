package dev.unroll.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The options that every launcher gives to its JVM. */
class JvmOptionsTest {

  private static final Path OPTIONS =
      Path.of("src/main/resources/dev/unroll/cli/jvm.options").toAbsolutePath();

  private static String output(String... options) throws IOException {
    var command = new ProcessBuilder(options);
    command.command().addFirst(Path.of(System.getProperty("java.home"), "bin/java").toString());
    var process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  /** Commands for the compiler that it does not understand are reported on standard output. */
  @Test
  void theJvmUnderstandsThemAndSaysNothing() throws IOException {
    assertThat(output("@" + OPTIONS, "-version")).isEmpty();
    assertThat(output("-XX:CompileCommand=Unheard,dev.unroll.A::*,1", "-version")).isNotEmpty();
  }

  /** Of names that no class has, the compiler says nothing. */
  @Test
  void theKernelsThatTheyNameExist() throws Exception {
    assertThat(Files.readString(OPTIONS)).contains("dev.unroll.kernel.Vector*::*");
    assertThat(
            Class.forName("dev.unroll.kernel.VectorRowTiles", false, getClass().getClassLoader()))
        .isNotNull();
  }
}
