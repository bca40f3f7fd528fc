package dev.unroll.interop.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.weights.NetworkHint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not ours is refused by name; what is damaged or made to harm does neither. */
class KerasRefusalTest {

  private static final Path FOLDER = Path.of("src/test/resources/keras");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          refused-lambda.keras | layers that ours cannot compute: lambda (Lambda), conv1d (Conv1D) | which is never run
          refused-activation.keras | the layer lstm (LSTM) has the recurrent activation hard_sigmoid | Ours is sigmoid
          refused-merge.keras | the layer bidirectional (Bidirectional) merges both ways by mul | concat and sum
          refused-backwards.keras | the layer gru (GRU) goes backward | reverse the sequences
          refused-two-heads.keras | the layer dense_1 (Dense) is a second linear layer | one linear layer
          refused-branch.keras | the layer dense reads more than one other | in a row
          refused-subclass.keras | a model of the class MyModel | keras.Sequential
          refused-chunked.weights.h5 | layers/lstm/cell/vars/0 is compressed | Save the model again
          refused-links.weights.h5 | layers/lstm/cell/vars/0 is a link, which is not followed | Save
          refused-external.weights.h5 | layers/lstm/cell/vars is not a group in the form that Keras writes | Save
          refused-ambiguous.weights.h5 | its layers lstm, rnn fit in several orders | .keras file
          refused-keras-2.weights.h5 | weights of Keras 2, without the layers | model.save
          refused-latest.weights.h5 | written in a later form of HDF5 | Save the model again
          golden.json | neither a .keras file | model.save
          """)
  void whatIsNotOursIsRefusedByName(String file, String problem, String fix) {
    assertThatThrownBy(() -> KerasModel.open(FOLDER.resolve(file), NetworkHint.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file)
        .hasMessageContaining(problem)
        .hasMessageContaining(fix);
  }

  private static byte[] weights() {
    try {
      return Files.readAllBytes(FOLDER.resolve("stack.weights.h5"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void refuses(byte[] bytes, String problem) throws IOException {
    Path file = Files.write(folder.resolve("x.weights.h5"), bytes);
    assertThatThrownBy(() -> KerasModel.open(file, NetworkHint.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("x.weights.h5")
        .hasMessageContaining(problem);
  }

  /** Where a text stands in a file, the n-th time. */
  private static int find(byte[] bytes, String text, int n) {
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = -1;
    for (int i = 0; i < n; i++) {
      at = all.indexOf(text, at + 1);
    }
    assertThat(at).isNotNegative();
    return at;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The axes of the embedding, 7 and 3, as the file says them. */
  private static int axes(byte[] bytes) {
    ByteBuffer all = little(bytes);
    for (int at = 0; at < bytes.length - 16; at++) {
      if (all.getLong(at) == 7 && all.getLong(at + 8) == 3) {
        return at;
      }
    }
    throw new AssertionError("no axes");
  }

  @Test
  void axesThatNoMemoryHoldsAreRefused() throws IOException {
    for (long axis : new long[] {8, 1 << 20, Integer.MAX_VALUE, 1L << 40, -1}) {
      byte[] bytes = weights();
      little(bytes).putLong(axes(bytes), axis);
      refuses(bytes, axis == 8 ? "24 numbers of 32 bits are not 84 bytes" : "");
    }
    byte[] bytes = weights();
    little(bytes).putLong(axes(bytes), 1 << 30).putLong(axes(weights()) + 8, 1 << 30);
    refuses(bytes, "more numbers than memory can hold");
  }

  @Test
  void aGroupInsideItselfIsRefused() throws IOException {
    byte[] bytes = weights();
    int node = find(bytes, "SNOD", 1);
    long root = little(bytes).getLong(64);
    for (int entry = 0; entry < little(bytes).getShort(node + 6); entry++) {
      byte[] copy = bytes.clone();
      little(copy).putLong(node + 8 + 40 * entry + 8, root);
      refuses(copy, "");
    }
  }

  @Test
  void aTreeInsideItselfIsRefused() throws IOException {
    byte[] bytes = weights();
    int tree = find(bytes, "TREE", 1);
    bytes[tree + 5] = 1;
    little(bytes).putShort(tree + 6, (short) 2).putLong(tree + 32, tree).putLong(tree + 48, tree);
    refuses(bytes, "it contains itself");
  }

  @Test
  void aHeadThatContinuesInItselfIsRefused() throws IOException {
    byte[] bytes = weights();
    int root = (int) little(bytes).getLong(64);
    little(bytes)
        .putShort(root + 2, (short) -1)
        .putInt(root + 8, 24)
        .putShort(root + 16, (short) 16);
    little(bytes).putLong(root + 24, root + 16).putLong(root + 32, 24);
    refuses(bytes, "it contains itself");
  }

  @Test
  void namesTakeMemoryToo() {
    var file = new Hdf5File("x", new MemoryLimit(1 << 20));
    String name = "a".repeat(200);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                file.addGroup(name + i, Map.of("text", List.of(name)));
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the structure of x");
  }

  /** Of any damage comes a refusal or, where it hits nothing of interest, the model. */
  @Test
  void anyDamageIsRefused() throws IOException {
    var random = new Random(30);
    byte[] whole = weights();
    int refused = 0;
    Path file = folder.resolve("x.weights.h5");
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = whole.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(file, i % 10 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
      Throwable thrown = catchThrowable(() -> KerasModel.open(file, NetworkHint.NONE));
      if (thrown != null) {
        refused++;
        assertThat(thrown).isInstanceOf(InputException.class);
      }
    }
    assertThat(refused).isBetween(100, 999);
  }

  private Path zip(String name, byte[] content, int times) throws IOException {
    Path file = folder.resolve("x.keras");
    try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
      if (!name.equals("config.json")) {
        out.putNextEntry(new ZipEntry("config.json"));
        out.write('{');
      }
      out.putNextEntry(new ZipEntry(name));
      for (int i = 0; i < times; i++) {
        out.write(content);
      }
    }
    return file;
  }

  @Test
  void aZipBombIsRefused() throws IOException {
    var zeros = new byte[1 << 20];
    for (String name : new String[] {"config.json", "model.weights.h5"}) {
      Path file = zip(name, zeros, 300);
      assertThat(Files.size(file)).isLessThan(1 << 20);
      assertThatThrownBy(() -> KerasModel.open(file, NetworkHint.NONE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(name + " unpacks to more than 16,777,216 bytes");
    }
  }

  @Test
  void aZipOfSomethingElseIsRefused() throws IOException {
    Path file = zip("word/document.xml", new byte[9], 1);
    assertThatThrownBy(() -> KerasModel.open(file, NetworkHint.NONE))
        .hasMessageContaining("no model.weights.h5");
    Files.writeString(file, "PK and nothing else");
    assertThatThrownBy(() -> KerasModel.open(file, NetworkHint.NONE))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> KerasModel.open(folder.resolve("none.keras"), NetworkHint.NONE))
        .isInstanceOf(InputException.class);
  }

  @Test
  void aConfigurationIsReadWithinBounds() {
    assertThatThrownBy(() -> KerasConfig.layers("x", "[".repeat(100_000)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nesting depth");
    String nested = "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[";
    String inner =
        "{\"name\":\"a\",\"class_name\":\"Sequential\",\"config\":{\"name\":\"a\",\"layers\":[";
    assertThatThrownBy(() -> KerasConfig.layers("x", nested + inner.repeat(12) + "]}}".repeat(13)))
        .hasMessageContaining("nested deeper than 8");
    for (String broken :
        new String[] {
          "", "null", "[null]", "{}", "{\"class_name\":3}", nested + "null]}}", nested + "3]}}"
        }) {
      Throwable thrown = catchThrowable(() -> KerasConfig.layers("x", broken));
      assertThat(thrown == null || thrown instanceof InputException).as(broken).isTrue();
    }
  }
}
