package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.layer.LayerState;
import dev.unroll.network.NetworkState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class StateBytesTest {

  private static final String MODEL = "3f9a";

  private static final Random RANDOM = new Random(4);

  private static float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) RANDOM.nextGaussian();
    }
    return values;
  }

  private static StreamState.OfTokens tokens(float[] output) {
    var layers =
        List.of(new LayerState(floats(3), floats(4)), new LayerState(floats(5), floats(0)));
    return new StreamState.OfTokens(
        1L << 40, output.length == 0 ? new NetworkState(layers) : new NetworkState(layers, output));
  }

  @Test
  void aStateIsReadAsItWasWritten() {
    for (float[] output : List.of(floats(0), floats(6))) {
      StreamState.OfTokens state = tokens(output);
      byte[] bytes = StateBytes.write(state, MODEL);
      var read = (StreamState.OfTokens) StateBytes.read(bytes, MODEL);
      assertThat(read.steps()).isEqualTo(1L << 40);
      assertThat(read.state().output()).containsExactly(state.state().output());
      for (int i = 0; i < 2; i++) {
        assertThat(read.state().layers().get(i).a()).isEqualTo(state.state().layers().get(i).a());
        assertThat(read.state().layers().get(i).c()).isEqualTo(state.state().layers().get(i).c());
      }
      assertThat(bytes).hasSize(14 + 16 + 16 + 4 * (12 + output.length));
      assertThat(StateBytes.model(bytes)).isEqualTo(MODEL);
    }
    double[][] window = {{1, Double.NaN}, {-0.0, 4}, {5, 6}};
    var rows = new StreamState.OfRows(new ForecastStream.State(1L << 40, window));
    byte[] bytes = StateBytes.write(rows, MODEL);
    var read = (StreamState.OfRows) StateBytes.read(bytes, MODEL);
    assertThat(read.steps()).isEqualTo(1L << 40);
    assertThat(Arrays.deepEquals(read.rows().window(), window)).isTrue();
    assertThat(bytes).hasSize(14 + 16 + 6 * 8);
  }

  @Test
  void tokensThatWereReadLastAreKept() {
    for (float[] output : List.of(floats(0), floats(6))) {
      StreamState.OfTokens plain = tokens(output);
      int[] history = {-1, 1, 1 << 20};
      var state = new StreamState.OfTokens(plain.steps(), plain.state().withHistory(history));
      byte[] bytes = StateBytes.write(state, MODEL);
      assertThat(bytes).hasSize(StateBytes.write(plain, MODEL).length + 16);
      var read = (StreamState.OfTokens) StateBytes.read(bytes, MODEL);
      assertThat(read.steps()).isEqualTo(plain.steps());
      assertThat(read.state().history()).containsExactly(history);
      assertThat(read.state().output()).containsExactly(state.state().output());
      for (int i = 0; i < bytes.length; i++) {
        byte[] cut = Arrays.copyOf(bytes, i);
        assertThatThrownBy(() -> StateBytes.read(cut, MODEL)).isInstanceOf(InputException.class);
      }
    }
  }

  @Test
  void anotherModelIsRefused() {
    byte[] bytes = StateBytes.write(tokens(floats(0)), MODEL);
    assertThatThrownBy(() -> StateBytes.read(bytes, "77"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("of the model 3f9a, and this one is 77");
  }

  /** Each byte that is changed, and each that is missing, is noticed. */
  @Test
  void damageIsRefused() {
    byte[] bytes = StateBytes.write(tokens(floats(6)), MODEL);
    for (int i = 0; i < bytes.length; i++) {
      byte[] cut = Arrays.copyOf(bytes, i);
      assertThatThrownBy(() -> StateBytes.read(cut, MODEL)).isInstanceOf(InputException.class);
      byte[] changed = bytes.clone();
      changed[i] ^= (byte) (1 << RANDOM.nextInt(8));
      assertThatThrownBy(() -> StateBytes.read(changed, MODEL)).isInstanceOf(InputException.class);
    }
  }

  /** Lengths are checked, also where the checksum is right. */
  @Test
  void lengthsAreChecked() {
    byte[] bytes = StateBytes.write(tokens(floats(6)), MODEL);
    for (int i = 4; i < bytes.length - 4; i++) {
      for (int value : new int[] {0, 127, 255}) {
        byte[] changed = bytes.clone();
        changed[i] = (byte) value;
        var sum = new CRC32C();
        sum.update(changed, 0, changed.length - 4);
        ByteBuffer.wrap(changed).putInt(changed.length - 4, (int) sum.getValue());
        try {
          StateBytes.read(changed, MODEL);
        } catch (InputException e) {
          assertThat(e).hasMessageContaining("state");
        }
      }
    }
  }
}
