package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.unroll.OtherJvm;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;

/**
 * Compiled kernels keep their vectors in registers, even where the JVM has seen the methods of the
 * Vector API called on vectors of several shapes: in code of the application, say.
 */
class VectorObjectsTest {

  /**
   * Some arrays of sums and a record are no vectors; those of a kernel would be many times more.
   */
  private static final long MOST_BYTES = 1000;

  @Test
  void kernelsMakeNoObjectsOfVectors() throws Exception {
    // With the first option, who calls waits for the compiler.
    String[] options = {
      "-Xbatch", "--add-modules=jdk.incubator.vector", "-Dunroll.kernel.scalar.start=0"
    };
    var bytes = new LinkedHashMap<String, Long>();
    for (String line : OtherJvm.lines(Use.class, options)) {
      String[] cells = line.split("\t");
      bytes.put(cells[0], Long.valueOf(cells[1]));
    }
    assertThat(bytes)
        .hasSizeGreaterThan(15)
        .allSatisfy((k, v) -> assertThat(v).as(k).isLessThan(MOST_BYTES));
  }

  /** Prints how many bytes a call of each kernel allocates once it is compiled. */
  static final class Use {

    private static final int WARM_UP = 30_000;
    private static final int CALLS = 1000;
    private static final int COUNT = 320;

    private Use() {}

    public static void main(String[] args) {
      for (var species :
          List.of(FloatVector.SPECIES_128, FloatVector.SPECIES_256, FloatVector.SPECIES_512)) {
        call(species);
      }
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      kernels()
          .forEach(
              (name, kernel) -> {
                for (int i = 0; i < WARM_UP; i++) {
                  kernel.run();
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < CALLS; i++) {
                  kernel.run();
                }
                long bytes = threads.getCurrentThreadAllocatedBytes() - before;
                System.out.println(name + "\t" + bytes / CALLS);
              });
    }

    /** Calls what the kernels call, too, so often that the JVM has it in its profiles. */
    private static void call(VectorSpecies<Float> species) {
      var x = new float[2 * species.length()];
      for (int i = 0; i < 3000; i++) {
        var sum = FloatVector.fromArray(species, x, 0);
        sum = sum.add(sum.mul(0.5f)).fma(sum, sum).sub(sum.max(sum));
        sum.blend(sum, sum.compare(VectorOperators.LT, sum)).intoArray(x, 0);
      }
    }

    private static Map<String, Runnable> kernels() {
      var x = KernelTwinsTest.numbers(COUNT, 1);
      var z = KernelTwinsTest.numbers(COUNT, 5);
      var y = KernelTwinsTest.numbers(COUNT, 2);
      var kernels = new LinkedHashMap<String, Runnable>();
      kernels.put("sum", () -> Reductions.sum(x, 0, COUNT));
      kernels.put("dot", () -> Reductions.dot(x, 0, y, 0, COUNT));
      kernels.put("max", () -> Reductions.max(x, 0, COUNT));
      kernels.put("exponentials", () -> Reductions.replaceByExp(z, 0, COUNT, 1));
      var left = KernelTwinsTest.numbers(Tile.leftSize(Tile.ROWS, true), 3);
      var target = new float[Tile.ROWS * COUNT];
      int unit = PackedMatrix.UNIT;
      int triple = PackedMatrix.WIDEST == 4 * unit ? 3 * unit : unit;
      var strips = new Tile.StripSize(24, 64);
      kernels.put("strips", () -> Strips.pack(target, 0, 30, strips, left, 0));
      kernels.put("sums of strips", () -> Strips.addSums(left, 0, strips, x, 0));
      for (int width : new TreeSet<>(List.of(unit, triple, PackedMatrix.WIDEST))) {
        var panels = KernelTwinsTest.numbers(Tile.DEPTH * width, 4);
        for (int rows : List.of(1, 2, 4, 6)) {
          for (boolean columns : List.of(false, true)) {
            var tile = new Tile(64, left, columns, panels, 0, width, target, 0, target, COUNT);
            kernels.put(
                "tile of %d by %d%s".formatted(rows, width, columns ? ", columns" : ""),
                columns
                    ? () -> VectorColumnTiles.multiply(tile, 0, 0, 0, rows)
                    : () -> VectorRowTiles.multiply(tile, 0, 0, 0, rows));
          }
        }
      }
      return kernels;
    }
  }
}
