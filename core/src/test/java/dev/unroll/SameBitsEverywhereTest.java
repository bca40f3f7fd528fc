package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.network.Cells;
import dev.unroll.tasks.Tasks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same model, bit for bit: on any number of threads, with any vectors or none, in any locale,
 * on any machine.
 */
class SameBitsEverywhereTest {

  private static final String[] VECTOR = {"--add-modules", "jdk.incubator.vector"};

  @Test
  void everyCellAndTaskHasALine() {
    var names = new ArrayList<String>();
    Cells.ALL.forEach(cell -> names.add("cell " + cell.label()));
    Tasks.ALL.forEach(task -> names.add(task.name()));
    names.removeAll(TinyRun.HASHES.keySet());
    assertThat(names)
        .as(
            "what lacks a line in TinyRun.HASHES; the test of threads prints the hash, if TinyRun"
                + " has a run of the task")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void onAnyNumberOfThreads(int threads) {
    assertThat(changes(TinyRun.lines(threads))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "128, 'kernels: vector, 128 bits'",
    "256, 'kernels: vector, 256 bits'",
    "512, 'kernels: vector, 512 bits'"
  })
  void withVectorsOfAnyWidth(int bits, String expected) throws Exception {
    // 512 bits run, slowly, where the CPU has no such registers: the API then works piece by piece.
    check(
        OtherJvm.lines(TinyRun.class, VECTOR[0], VECTOR[1], "-Dunroll.vector.bits=" + bits),
        expected);
  }

  @Test
  void withScalarKernelsAsAsked() throws Exception {
    check(
        OtherJvm.lines(TinyRun.class, VECTOR[0], VECTOR[1], "-Dunroll.kernel=scalar"),
        "kernels: scalar, as unroll.kernel asks");
  }

  @Test
  void withScalarKernelsThatHandOverInTheMiddle() throws Exception {
    check(
        OtherJvm.lines(
            TinyRun.class,
            VECTOR[0],
            VECTOR[1],
            "-Dunroll.vector.bits=256",
            "-Dunroll.kernel.scalar.start=100000000"),
        "kernels: vector, 256 bits");
  }

  @Test
  void withoutTheVectorModule() throws Exception {
    var lines = OtherJvm.lines(TinyRun.class);
    assertThat(lines.get(0)).contains("scalar").contains("add --add-modules jdk.incubator.vector");
    assertThat(changes(lines.subList(1, lines.size()))).isEmpty();
  }

  @Test
  void onAMachineWithoutFusedMultiplyAdd() throws Exception {
    var lines = OtherJvm.lines(TinyRun.class, VECTOR[0], VECTOR[1], "-XX:-UseFMA");
    assertThat(lines.get(0)).contains("scalar").contains("this JVM uses no FMA instructions");
    assertThat(changes(lines.subList(1, lines.size()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"ar, EG", "de, CH", "hi, IN"})
  void inAnyLocale(String language, String country) throws Exception {
    var lines =
        OtherJvm.lines(
            TinyRun.class,
            VECTOR[0],
            VECTOR[1],
            "-Duser.language=" + language,
            "-Duser.country=" + country);
    assertThat(changes(lines.subList(1, lines.size()))).isEmpty();
  }

  /** Returns what is not as {@link TinyRun#HASHES} says: the lines that were found. */
  private static List<String> changes(List<String> found) {
    var expected = TinyRun.HASHES;
    var changed = new ArrayList<>(found);
    changed.removeIf(
        line -> {
          int cut = line.lastIndexOf(' ');
          return line.substring(cut + 1).equals(expected.get(line.substring(0, cut)));
        });
    if (found.size() < expected.size()) {
      changed.add("%d runs, not %d".formatted(found.size(), expected.size()));
    }
    return changed;
  }

  private static void check(List<String> lines, String kernels) {
    assertThat(lines.getFirst()).isEqualTo(kernels);
    assertThat(changes(lines.subList(1, lines.size()))).isEmpty();
  }
}
