package dev.unroll.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {

  private static final int JAVA_8 = 52;

  @ParameterizedTest
  @ValueSource(strings = {"1.8", "9", "11", "17", "21", "24"})
  void olderVersionsAreRefused(String version) {
    assertThat(Launcher.isEnough(version)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "26", "100"})
  void laterOnesAreNot(String version) {
    assertThat(Launcher.isEnough(version)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"128, 32", "384, 96", "8192, 96", "2, 1"})
  void youngObjectsTakeAQuarterOfASmallHeap(long megabytes, int young) {
    assertThat(Launcher.inHeap("-Xmn96m", megabytes << 20)).isEqualTo("-Xmn" + young + "m");
    assertThat(Launcher.inHeap("-XX:+UseParallelGC", megabytes << 20))
        .isEqualTo("-XX:+UseParallelGC");
  }

  /** An older Java could otherwise not even say that it is too old. */
  @Test
  void javaEightLoadsIt() throws IOException {
    try (var in = new DataInputStream(Launcher.class.getResourceAsStream("Launcher.class"))) {
      assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
      in.readUnsignedShort();
      assertThat(in.readUnsignedShort()).isEqualTo(JAVA_8);
    }
  }
}
