package dev.unroll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ChartsCommandTest {

  private static final Path DOCS = Path.of("../docs");

  @Test
  void chartsOfTheDocsShowTheFiguresOfTheDocs(@TempDir Path folder) throws IOException {
    String page = DOCS.resolve("performance.md").toString();
    assertThat(new CommandLine(new ChartsCommand()).execute(page, folder.toString())).isZero();
    for (String name : new String[] {"comparison.svg", "cost-units.svg"}) {
      assertThat(Files.readString(folder.resolve(name)))
          .as("./unroll-bench charts docs/performance.md docs/charts draws " + name)
          .isEqualTo(Files.readString(DOCS.resolve("charts").resolve(name)));
    }
  }

  @Test
  void casesAreNamedInWords(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        """
        | case | threads | Unroll, median | PyTorch takes |
        | --- | --- | --- | --- |
        | train, LSTM T 50, B 50, H 128 | 1 | 9.01 ms | 1.05× (1.03 to 1.07) |
        | train, LSTM T 50, B 50, H 128 | 2 | 9.01 ms | 1.27× (1.26 to 1.29) |
        | forward, LSTM T 35, B 20, H 2×200, V 10000 | 2 | 9.01 ms | 0.90× (0.80 to 1.29) |

        units H
        LSTM T 35, B 32, H 64                               1        444,869        2.248        1.153      51%
        """);
    new CommandLine(new ChartsCommand()).execute(page.toString(), folder.toString());
    assertThat(Files.readString(folder.resolve("comparison.svg")))
        .contains("Unroll is faster in 1 of 2 comparisons", "Training, LSTM, 2 threads")
        .contains("128 units, 50 × 50 steps", "2 × 200 units, 10,000 words", ">PyTorch<")
        .doesNotContain("H 128");
    assertThat(Files.readString(folder.resolve("cost-units.svg"))).contains("µs per token");
  }
}
