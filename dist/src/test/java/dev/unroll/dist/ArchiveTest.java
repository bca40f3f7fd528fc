package dev.unroll.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is packed, and with which licenses. */
class ArchiveTest {

  private static final Instant DATE = Instant.parse("2026-11-23T00:00:00Z");

  @TempDir Path folder;

  private byte[] pack(String place, List<String> names) throws IOException {
    Path image = Files.createDirectories(folder.resolve(place).resolve("unroll-1"));
    for (String name : names) {
      Files.createDirectories(image.resolve("lib"));
      Files.writeString(image.resolve("lib").resolve(name), name);
    }
    Files.createSymbolicLink(image.resolve("link"), Path.of("lib"));
    Path archive = folder.resolve(place + ".tar.gz");
    Archive.write(image, archive, DATE);
    return Files.readAllBytes(archive);
  }

  @Test
  void theBytesDependOnTheFilesAlone() throws IOException {
    byte[] one = pack("one", List.of("a", "b", "c"));
    assertThat(pack("two", List.of("c", "b", "a"))).isEqualTo(one);
    assertThat(pack("three", List.of("c", "b"))).isNotEqualTo(one);
  }

  private Path jar(String name, String... entries) throws IOException {
    Path jar = folder.resolve(name);
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.write(entry.getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  @Test
  void eachLibraryHasItsLicense() throws IOException {
    Path known = Files.createDirectories(folder.resolve("known"));
    Files.writeString(known.resolve("quiet.txt"), "license of quiet");
    Path target = folder.resolve("licenses");
    var jars =
        List.of(
            jar("loud-io-1.2.jar", "META-INF/LICENSE.txt", "META-INF/NOTICE", "a/License.class"),
            jar("quiet-terminal-3.0.jar", "a/A.class"));
    Licenses.collect(jars, known, target);
    assertThat(target.resolve("loud-io/LICENSE.txt")).content().isEqualTo("META-INF/LICENSE.txt");
    assertThat(target.resolve("loud-io")).isDirectoryNotContaining("glob:**.class");
    assertThat(target.resolve("quiet-terminal/LICENSE")).content().isEqualTo("license of quiet");

    var unknown = List.of(jar("other-1.jar", "a/A.class"));
    assertThatThrownBy(() -> Licenses.collect(unknown, known, target))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other.jar holds no license");
  }
}
