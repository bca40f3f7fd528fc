package dev.unroll.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.kernel.Layout;
import dev.unroll.layer.RecurrentLayer;
import dev.unroll.network.Cells;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names what a cell lacks of all that {@code docs/extending.md} asks for. */
class CompleteCellTest {

  private static final Path MATHEMATICS = Path.of("..", "docs", "mathematics.md");

  static List<Cell> cells() {
    return Cells.ALL;
  }

  @ParameterizedTest
  @MethodSource("cells")
  void hasAReference(Cell cell) {
    assertThat(ReferenceCell.classOf(cell))
        .as(
            "the cell %s lacks its reference: a class Reference%s in the tests of dev.unroll.cell",
            cell.label(), cell.getClass().getSimpleName())
        .isPresent();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void hasARowOfMathematics(Cell cell) throws IOException {
    String row = "| `" + cell.label() + "` |";
    String type = cell.getClass().getSimpleName();
    boolean found =
        Files.readAllLines(MATHEMATICS).stream()
            .anyMatch(line -> line.startsWith(row) && line.contains("`" + type + "`"));
    assertThat(found)
        .as("docs/mathematics.md has a row that begins with %s and names the class `%s`", row, type)
        .isTrue();
  }

  /** The engine and the reference must agree on which parameters there are. */
  @ParameterizedTest
  @MethodSource("cells")
  void hasAsManyParametersAsItsReference(Cell cell) {
    var layout = new Layout();
    new RecurrentLayer(cell, 3, 4, "", layout);
    var reference = ReferenceCell.of(cell, new ReferenceCell.Sizes(3, 4, 0, false));
    assertThat(reference.parameters.length)
        .as("parameters of the reference of %s, beside those of the engine", cell.label())
        .isEqualTo(layout.size());
  }

  @ParameterizedTest
  @MethodSource("cells")
  void describesItselfWithoutContradiction(Cell cell) {
    assertThat(cell.label()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    assertThat(new HashSet<>(cell.gates())).hasSameSizeAs(cell.gates());
    int multiplied = cell.products().stream().mapToInt(Integer::intValue).sum();
    assertThat(multiplied).isIn(0, cell.gates().size());
    assertThat(cell.kept()).containsAll(cell.keptWithGradient());
    assertThat(Cells.ALL.stream().filter(each -> each.label().equals(cell.label()))).hasSize(1);
    assertThat(Cells.of(cell.label())).isEqualTo(cell);
  }
}
