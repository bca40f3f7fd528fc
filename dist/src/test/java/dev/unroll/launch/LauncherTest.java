package dev.unroll.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
