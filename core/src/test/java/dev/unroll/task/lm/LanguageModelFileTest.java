package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.data.NumberLexicon;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.file.Json;
import dev.unroll.file.SafeFiles;
import dev.unroll.network.Network;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageModelFileTest {

  @TempDir Path folder;

  private static final LanguageModelFields FIELDS = fields(Network.gru(3).withTied(true));

  private static LanguageModelFields fields(Network network) {
    return new LanguageModelFields(
        new LanguageNetwork(network, 5), new NumberLexicon(5), Reading.STREAM);
  }

  private static ModelFile<LanguageModelFields> model(
      LanguageModelFields fields, Precision precision) {
    var provenance = new Provenance(Map.of("seed", 2L));
    return new ModelFile<>(fields, fields.network().initialize(2), provenance)
        .withPrecision(precision);
  }

  private static ModelFile<LanguageModelFields> read(Path file) {
    return ModelFile.read(file, LanguageModelFields.CODEC);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsRead(Precision precision) {
    Path file = folder.resolve("m.safetensors");
    var written = model(FIELDS, precision);
    written.write(file);
    var read = read(file);
    assertThat(read.precision()).isEqualTo(precision);
    assertThat(read.fields().network().description()).isEqualTo(FIELDS.network().description());
    assertThat(read.parameters()).isEqualTo(written.parameters());
    assertThat(read.fields().tokenizer()).isEqualTo(FIELDS.tokenizer());
    assertThat(read.fields().reading()).isEqualTo(FIELDS.reading());
    assertThat(read.provenance()).isEqualTo(written.provenance());
    assertThat(folder.toFile().list()).containsExactly("m.safetensors");
  }

  /** Matrices of one row or one column, beside their scales. */
  @ParameterizedTest
  @EnumSource
  void narrowMatricesAreReadAsTheyWereWritten(Precision precision) {
    var network = Network.lstm(9).withProjection(1).withEmbedding(1).withAdaptiveSoftmax(3, 4);
    var written = model(fields(network), precision);
    Path file = folder.resolve("narrow.safetensors");
    written.write(file);
    assertThat(read(file).parameters()).isEqualTo(written.parameters());
    assertThat(read(file).precision()).isEqualTo(precision);
  }

  @Test
  void aSmallFileThatDescribesAHugeNetworkAllocatesNothing() {
    assertRefusedWith(Network.lstm(10_000, 10_000), "no tensor embedding.weight");
  }

  @Test
  void anImpossibleNetworkIsRefusedByTheFilesName() {
    assertRefusedWith(
        Network.lstm(3).withAdaptiveSoftmax(7),
        "described.safetensors: its description is not valid: the cutoffs [7]");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aWeightThatIsNotFiniteIsNeitherWrittenNorRead(float value) {
    var small = new LanguageNetwork(Network.gru(3), 5);
    float[] parameters = small.initialize(1);
    parameters[parameters.length - 1] = value;
    String what = "the tensor " + small.slices().getLast().name() + " has a value that is not";
    assertRefusedWith(Network.gru(3), parameters, what);
    Path file = folder.resolve("m.safetensors");
    assertThatThrownBy(
            () -> new ModelFile<>(fields(Network.gru(3)), parameters, Provenance.NONE).write(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("m.safetensors: is not written: " + what);
    assertThat(file).doesNotExist();
  }

  private void assertRefusedWith(Network described, String what) {
    assertRefusedWith(described, new LanguageNetwork(Network.gru(3), 5).initialize(1), what);
  }

  /** A file with the tensors of one network that describes another. */
  private void assertRefusedWith(Network described, float[] parameters, String what) {
    Path file = folder.resolve("described.safetensors");
    var small = new LanguageNetwork(Network.gru(3), 5);
    var model =
        Json.object(
            "format",
            1L,
            "task",
            "language-model",
            "vocabulary",
            5L,
            "reading",
            "stream",
            "network",
            described.toJson());
    var metadata =
        Map.of(
            "unroll.model",
            Json.write(model),
            "unroll.tokenizer",
            Json.write(new NumberLexicon(5).describe()));
    Safetensors.write(
        file, new Safetensors.Content(metadata, small.slices(), parameters, Precision.FLOAT32));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(what);
  }

  @ParameterizedTest
  @EnumSource
  void everyCutAndEveryChangedByteIsNoticed(Precision precision) throws IOException {
    Path file = folder.resolve("m.safetensors");
    model(FIELDS, precision).write(file);
    byte[] good = Files.readAllBytes(file);
    Path bad = folder.resolve("bad.safetensors");
    for (int length = 0; length < good.length; length++) {
      Files.write(bad, java.util.Arrays.copyOf(good, length));
      assertRefused(bad, "cut at " + length);
    }
    for (int at = 0; at < good.length; at++) {
      byte[] changed = good.clone();
      changed[at] ^= (byte) (1 << (at % 8));
      Files.write(bad, changed);
      assertRefused(bad, "changed at " + at);
    }
    Files.write(bad, java.util.Arrays.copyOf(good, good.length + 4));
    assertRefused(bad, "longer");
  }

  private static void assertRefused(Path file, String what) {
    assertThatThrownBy(() -> read(file)).as(what).isInstanceOf(InputException.class);
  }

  @Test
  void aHugeHeaderOrTensorIsRefusedBeforeItIsAllocated() throws IOException {
    Path file = folder.resolve("huge");
    byte[] bytes = new byte[16];
    bytes[6] = 1; // a header of 2⁴⁸ bytes
    Files.write(file, bytes);
    assertRefused(file, "header");
    String json =
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[30000,30000],\"data_offsets\":[0,3600000000]}}";
    byte[] header = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] all = new byte[8 + header.length];
    all[0] = (byte) header.length;
    System.arraycopy(header, 0, all, 8, header.length);
    Files.write(file, all);
    assertRefused(file, "tensor");
  }

  @Test
  void anOldFileSurvivesAWriteThatFails() throws IOException {
    Path file = folder.resolve("m.safetensors");
    model(FIELDS, Precision.FLOAT32).write(file);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(
            () ->
                SafeFiles.replace(
                    file,
                    channel -> {
                      channel.write(java.nio.ByteBuffer.allocate(10));
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("disk full");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(folder.toFile().list()).containsExactly("m.safetensors");
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(
            () -> model(FIELDS, Precision.FLOAT32).write(folder.resolve("no/such/m.safetensors")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not exist");
  }
}
