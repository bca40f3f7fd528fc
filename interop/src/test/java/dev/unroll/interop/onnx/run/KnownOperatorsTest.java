package dev.unroll.interop.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The list of operators in the documentation. */
class KnownOperatorsTest {

  @Test
  void docsListAllOperators() throws IOException {
    assertThat(Files.readString(Path.of("../docs/interop.md")))
        .contains("\n**Operators**: " + String.join(", ", KnownOperators.names()) + ".\n");
  }
}
