package dev.unroll.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files of other programs, whole and as Jazzer damaged them when something was found: each is read
 * or refused. They are in {@code ForeignFilesTestInputs}; {@code experiments/fuzz foreign} looks
 * for more.
 */
class ForeignFilesTest {

  @BeforeAll
  static void asTheProgramDoes() {
    Locale.setDefault(Locale.ROOT);
  }

  @FuzzTest
  void keras(byte[] bytes) throws IOException {
    ForeignReader.KERAS.read(bytes);
  }

  @FuzzTest
  void torch(byte[] bytes) throws IOException {
    ForeignReader.TORCH.read(bytes);
  }

  @FuzzTest
  void safetensors(byte[] bytes) throws IOException {
    ForeignReader.SAFETENSORS.read(bytes);
  }

  @FuzzTest
  void onnx(byte[] bytes) throws IOException {
    ForeignReader.ONNX.read(bytes);
  }

  @FuzzTest
  void tensorProto(byte[] bytes) throws IOException {
    ForeignReader.TENSOR_PROTO.read(bytes);
  }

  @FuzzTest
  void npy(byte[] bytes) throws IOException {
    ForeignReader.NPY.read(bytes);
  }

  @FuzzTest
  void tensorJson(byte[] bytes) throws IOException {
    ForeignReader.TENSOR_JSON.read(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void everyWholeFileIsRead(ForeignReader reader) throws IOException {
    List<Seed> seeds = Seed.files(Places.FOREIGN.resolve(reader.label()), "*");
    assertThat(seeds).isNotEmpty();
    for (Seed seed : seeds) {
      if (!seed.name().matches("(found|refused).*")) {
        assertThat(reader.read(seed.bytes())).as(seed.name()).isTrue();
      }
    }
  }
}
