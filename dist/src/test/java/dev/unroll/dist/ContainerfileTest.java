package dev.unroll.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The container file, as a text: no machine that builds Unroll needs to run containers. */
class ContainerfileTest {

  private static List<String> lines(String instruction) throws IOException {
    return Files.readAllLines(Path.of("Containerfile")).stream()
        .filter(line -> line.startsWith(instruction + " "))
        .toList();
  }

  @Test
  void theProgramIsNotRunByRoot() throws IOException {
    assertThat(lines("USER")).singleElement().asString().matches("USER [1-9]\\d*:[1-9]\\d*");
    assertThat(Files.readString(Path.of("Containerfile"))).doesNotContain("sudo", "--privileged");
  }

  @Test
  void imagesAreNamedInFullWithTheirVersion() throws IOException {
    assertThat(lines("FROM"))
        .isNotEmpty()
        .allMatch(line -> line.matches("FROM docker\\.io/\\S+:\\d[\\w.-]*( AS \\w+)?"));
  }

  @Test
  void nothingComesFromTheNetworkButPackages() throws IOException {
    assertThat(lines("ADD")).isEmpty();
    assertThat(lines("RUN")).noneMatch(line -> line.matches(".*(curl|wget|https?:).*"));
  }

  /** So that signals reach it, and what it is given stands after it. */
  @Test
  void theEntryPointIsTheCommand() throws IOException {
    assertThat(lines("ENTRYPOINT")).containsExactly("ENTRYPOINT [\"/opt/unroll/bin/unroll\"]");
    assertThat(lines("COPY")).contains("COPY --from=unpacked /opt/unroll /opt/unroll");
  }
}
