package dev.unroll.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

  private static float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i * 0.37f - 5;
    }
    return values;
  }

  /** Large ones are not copied: as bytes they may be more than an array can have. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 100_000, 3_000_000})
  void numbersAreHashedAsTheirBytes(int count) {
    float[] values = values(count);
    var bytes = ByteBuffer.allocate(4 * count);
    bytes.asFloatBuffer().put(values);
    String whole = HexFormat.of().formatHex(Fingerprint.sha256().digest(bytes.array()));
    Fingerprint.of("what is loaded only once");
    new Fingerprint().add(values(5));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    var fingerprint = new Fingerprint();
    fingerprint.add(values);
    String text = fingerprint.text();
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
    assertThat(text).isEqualTo("sha256:" + whole);
  }
}
