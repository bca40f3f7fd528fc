package dev.unroll.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.OtherJvm;
import dev.unroll.base.InputException;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Safetensors;
import dev.unroll.store.StateFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files of strangers, opened in a small heap: the answer is a sentence and no OutOfMemoryError. */
class HostileHeaderTest {

  @TempDir Path folder;

  /** Opens files in a JVM of its own. */
  static final class Opener {
    private Opener() {}

    /** Prints what is said of each file that is named. */
    public static void main(String[] files) {
      for (String file : files) {
        for (Runnable reader :
            List.<Runnable>of(
                () -> Safetensors.read(Path.of(file)),
                () -> ModelFile.Stored.read(stream(file)),
                () -> Safetensors.metadata(Path.of(file)),
                () -> StateFile.read(Path.of(file)))) {
          try {
            reader.run();
            System.out.println("read");
          } catch (InputException e) {
            System.out.println(e.getMessage().replace('\n', ' '));
          } catch (Throwable e) { // what the test looks for
            System.out.println("THROWN " + e);
          }
        }
      }
    }
  }

  private static InputStream stream(String file) {
    try {
      return new BufferedInputStream(Files.newInputStream(Path.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> opened(Path... files) throws Exception {
    var command =
        OtherJvm.command(
            Opener.class,
            List.of("-Xmx512m", "--add-modules", "jdk.incubator.vector"),
            Stream.of(files).map(Path::toString).toArray(String[]::new));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.inputReader()) {
      var lines = in.lines().filter(line -> !line.startsWith("WARNING")).toList();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return lines;
    }
  }

  /** A header of so many bytes: a beginning, a part again and again with its number, an end. */
  private Path header(int megabytes, String begin, String part, String end) throws IOException {
    Path file = folder.resolve(begin.length() + part.hashCode() + megabytes + ".safetensors");
    long length = megabytes * 1_000_000L;
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
      out.write(begin.getBytes(StandardCharsets.US_ASCII));
      long written = begin.length();
      for (int i = 0; written + part.length() + 8 + end.length() < length; i++) {
        byte[] own = part.replace("#", Integer.toString(i)).getBytes(StandardCharsets.ISO_8859_1);
        out.write(own);
        written += own.length;
      }
      out.write(end.getBytes(StandardCharsets.US_ASCII));
      out.write(
          " ".repeat((int) (length - written - end.length())).getBytes(StandardCharsets.US_ASCII));
    }
    return file;
  }

  @Test
  void headersThatWouldFillTheMemoryAreRefused() throws Exception {
    for (int megabytes : new int[] {28, 99}) {
      Path keys = header(megabytes, "{", "\"k#\":1,", "\"z\":1}");
      Path text = header(megabytes, "{\"__metadata__\":{\"a\":\"", "xyzxyzxyz", "\"}}");
      Path escapes = header(megabytes, "{\"__metadata__\":{\"a\":\"", "\\u00e9", "\"}}");
      Path numbers = header(megabytes, "{\"a\":[", "#,", "1]}");
      Path digits = header(megabytes, "{\"a\":[", "1", "]}");
      Path maps = header(megabytes, "{\"a\":[", "{},", "{}]}");
      Path texts = header(megabytes, "{\"a\":[", "\"\",", "\"\"]}");
      Path deep = header(megabytes, "{\"a\":", "[", "");
      Path tensors =
          header(
              megabytes,
              "{",
              "\"t#\":{\"dtype\":\"I8\",\"shape\":[1,0],\"data_offsets\":[0,0]},",
              "\"z\":{\"dtype\":\"I8\",\"shape\":[1,0],\"data_offsets\":[0,0]}}");
      List<String> said = opened(keys, text, escapes, numbers, digits, maps, texts, deep, tensors);
      assertThat(said).hasSize(36).noneMatch(line -> line.startsWith("THROWN"));
    }
  }

  @Test
  void tensorsThatDoNotFitIntoTheHeapAreRefused() throws Exception {
    long bytes = 4L << 30;
    String json =
        "{\"__metadata__\":{\"unroll.sha256\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(bytes / 4, bytes);
    Path file = file(json, bytes);
    List<String> said = opened(file);
    assertThat(said.getFirst()).contains("its tensors take 4,096 MiB, too much for a heap of ");
    assertThat(said.getFirst()).contains("-Xmx6g");
    assertThat(said.getLast()).contains("its tensors take 4,096 MiB");
    assertThat(said.get(1)).startsWith("the stream: its tensors take 8,192 MiB");
  }

  /** A stream that ends early takes no more memory than it has bytes. */
  @Test
  void aStreamThatPromisesMoreThanItHasIsRefused() throws Exception {
    long bytes = 150L << 20;
    String json =
        "{\"__metadata__\":{\"unroll.sha256\":\"x\"},\"a\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(bytes / 4, bytes);
    Path file = file(json, 9);
    List<String> said = opened(file, file);
    assertThat(said.get(1)).startsWith("the stream: cannot be read: it ends too early");
  }

  private Path file(String json, long bytes) throws IOException {
    Path file = folder.resolve("tensors.safetensors");
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length());
      out.write(length.array());
      out.write(json.getBytes(StandardCharsets.US_ASCII));
      out.setLength(8 + json.length() + bytes); // a hole, which takes no place on the disk
    }
    return file;
  }

  /** 2³¹ - 1 squared, times four bytes, is 4 - 2³⁴ in 64 bits. */
  @Test
  void aShapeWhoseSizeOverflowsIsRefused() throws IOException {
    String json =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647],\"data_offsets\":[0,%d]}}"
            .formatted(4 - (1L << 34));
    Path file = file(json, 8);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the place of tensor a does not fit its shape");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsNotARegularFileIsRefused() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (Path file : List.of(Path.of("/dev/zero"), pipe)) {
      assertThatThrownBy(() -> Safetensors.read(file))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is not a regular file");
      assertThatThrownBy(() -> Fingerprint.ofFile(file)).hasMessage("it is not a regular file");
    }
  }

  @Test
  void whatIsQuotedIsShortened() {
    var error = new InputException("begin " + "x".repeat(100_000) + " end", "Fix it.");
    assertThat(error.getMessage()).hasSizeLessThan(2100).startsWith("begin x").contains("x end\n");
    assertThat(error.problem()).contains(" … ");
    assertThat(Json.parse("{\"a\":\"é\\u00e9\\n\"}").text("a")).isEqualTo("éé\n");
  }
}
