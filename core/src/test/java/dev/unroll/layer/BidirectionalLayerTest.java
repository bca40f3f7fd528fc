package dev.unroll.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.cells.SimplifiedGruCell;
import dev.unroll.kernel.Layout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Layers that read both ways against two references, of which one reads each sequence reversed. */
class BidirectionalLayerTest {

  private static final int INPUTS = 5;
  private static final int UNITS = 6;

  @Provide
  Arbitrary<CellCase> forms() {
    return Arbitraries.of(CellCase.all().toList());
  }

  @Provide
  Arbitrary<int[]> lengths() {
    return Arbitraries.integers().between(0, 7).array(int[].class).ofMinSize(1).ofMaxSize(9);
  }

  /** The row as far from the end of its sequence as {@code row} is from the beginning. */
  private static int mirror(Steps steps, int row) {
    int s = steps.sequence(row);
    int t = 0;
    for (int before = steps.before(row); before >= 0; before = steps.before(before)) {
      t++;
    }
    return steps.row(steps.length(s) - 1 - t, s);
  }

  private static float[] mirrored(Steps steps, float[] rows, int width) {
    float[] mirrored = new float[rows.length];
    for (int row = 0; row < steps.rows(); row++) {
      System.arraycopy(rows, row * width, mirrored, mirror(steps, row) * width, width);
    }
    return mirrored;
  }

  private static double[] mirrored(Steps steps, double[] rows, int width) {
    double[] mirrored = new double[rows.length];
    for (int row = 0; row < steps.rows(); row++) {
      System.arraycopy(rows, row * width, mirrored, mirror(steps, row) * width, width);
    }
    return mirrored;
  }

  /** Two examples over the same inputs, and the loss of the layer that has both. */
  private record Pair(Example forth, Example back, Direction direction) {

    static Pair random(CellCase form, Direction direction, long seed, int... lengths) {
      Example forth = Example.random(form, INPUTS, UNITS, seed, lengths);
      Example other = Example.random(form, INPUTS, UNITS, seed + 1, lengths);
      float[] va = direction == Direction.SUM ? forth.va() : other.va();
      Steps steps = forth.steps();
      Example back =
          other
              .withX(mirrored(steps, forth.x(), INPUTS))
              .withLoss(mirrored(steps, va, forth.outputs()), other.vc());
      return new Pair(forth, back, direction);
    }

    Map<String, float[]> engine(Workers workers) {
      Steps steps = forth.steps();
      var layout = new Layout();
      var form = forth.form().parts(INPUTS, UNITS);
      var layer = new BidirectionalLayer(form, direction, "", layout);
      float[] parameters = join(forth.parameters(), back.parameters());
      assertThat(layout.size()).isEqualTo(parameters.length);
      var weights = layer.newWeights(Precision.FLOAT32);
      weights.packForward(parameters, workers);
      weights.packBackward(parameters, workers);
      var start =
          new LayerState(
              join(forth.start().a(), back.start().a()), join(forth.start().c(), back.start().c()));
      var tape = layer.newTape(true);
      tape.begin(steps, null);
      layer.forward(weights, Matrix.of(forth.x(), steps.rows(), INPUTS), start, tape, workers);
      var results = new LinkedHashMap<String, float[]>();
      results.put("outputs", tape.output().copyOfElements());
      LayerState end = layer.endState(start, tape);
      results.put("end a", end.a());
      results.put("end c", end.c());
      tape.beginBackward();
      int width = forth.outputs();
      float[] ofBack = mirrored(steps, back.va(), width);
      Matrix dOutput = tape.dOutput();
      for (int row = 0; row < steps.rows(); row++) {
        System.arraycopy(forth.va(), row * width, dOutput.data(), dOutput.row(row), width);
        if (direction == Direction.BOTH) {
          System.arraycopy(ofBack, row * width, dOutput.data(), dOutput.row(row) + width, width);
        }
      }
      var zeros = new float[start.a().length];
      tape.addEndGradient(new LayerState(zeros, join(forth.vc(), back.vc())));
      float[] gradients = new float[layout.size()];
      float[] dx = new float[forth.x().length];
      layer.backward(weights, tape, Matrix.of(dx, steps.rows(), INPUTS), gradients, workers);
      results.put("dx", dx);
      results.put("gradients", gradients);
      results.put("start da", tape.startGradient().a());
      results.put("start dc", tape.startGradient().c());
      return results;
    }

    private static float[] join(float[] x, float[] y) {
      float[] both = Arrays.copyOf(x, x.length + y.length);
      System.arraycopy(y, 0, both, x.length, y.length);
      return both;
    }

    Map<String, double[]> reference() {
      var ofForth = new ReferenceRun(forth);
      var ofBack = new ReferenceRun(back);
      Map<String, double[]> first = ofForth.results();
      Map<String, double[]> second = ofBack.results();
      Assume.that(!ofForth.nearKink() && !ofBack.nearKink());
      Assume.that(Math.min(ofForth.cell.leastVariance, ofBack.cell.leastVariance) > 0.02);
      Steps steps = forth.steps();
      int width = forth.outputs();
      var results = new LinkedHashMap<String, double[]>();
      double[] mirror = mirrored(steps, second.get("outputs"), width);
      results.put("outputs", outputs(first.get("outputs"), mirror, width));
      for (String name : List.of("end a", "end c", "gradients", "start da", "start dc")) {
        double[] both = Arrays.copyOf(first.get(name), first.get(name).length * 2);
        System.arraycopy(second.get(name), 0, both, both.length / 2, both.length / 2);
        results.put(name, both);
      }
      double[] dx = first.get("dx").clone();
      double[] other = mirrored(steps, second.get("dx"), INPUTS);
      for (int i = 0; i < dx.length; i++) {
        dx[i] += other[i];
      }
      results.put("dx", dx);
      return results;
    }

    private double[] outputs(double[] first, double[] second, int width) {
      boolean sum = direction == Direction.SUM;
      double[] both = new double[sum ? first.length : 2 * first.length];
      for (int i = 0; i < first.length; i++) {
        if (sum) {
          both[i] = first[i] + second[i];
        } else {
          int at = i / width * 2 * width + i % width;
          both[at] = first[i];
          both[at + width] = second[i];
        }
      }
      return both;
    }
  }

  @Property(tries = 150)
  void agreesWithTwoReferences(
      @ForAll("forms") CellCase form,
      @ForAll boolean sum,
      @ForAll("lengths") int[] lengths,
      @ForAll long seed) {
    var pair = Pair.random(form, sum ? Direction.SUM : Direction.BOTH, seed, lengths);
    Map<String, double[]> reference = pair.reference();
    assertThat(Agreement.difference(pair.engine(Workers.single()), reference)).isEmpty();
  }

  @Property(tries = 40)
  void threadsChangeNoBit(
      @ForAll("forms") CellCase form, @ForAll("lengths") int[] lengths, @ForAll long seed) {
    var pair = Pair.random(form, Direction.BOTH, seed, lengths);
    Map<String, float[]> expected = pair.engine(Workers.single());
    for (int threads : new int[] {2, 3}) {
      try (var workers = new Workers(threads)) {
        pair.engine(workers)
            .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
      }
    }
  }

  @Property(tries = 1)
  void aLayerThatReadsBothWaysDoesNotStream() {
    var form = CellCase.plain(new SimplifiedGruCell()).parts(2, 3);
    var layer = new BidirectionalLayer(form, Direction.BOTH, "", new Layout());
    var weights = layer.newWeights(Precision.FLOAT32);
    assertThatIllegalStateException().isThrownBy(() -> layer.newStream(weights));
  }
}
