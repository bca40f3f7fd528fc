package dev.unroll.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The float engine against the double-precision references, themselves gradient-checked below 1e-7
 * in {@link CellGradientTest}.
 */
class CellReferenceTest {

  record Shape(CellCase form, int inputs, int units, int[] lengths) {
    @Override
    public String toString() {
      return form + " " + inputs + "→" + units + " " + Arrays.toString(lengths);
    }

    Example example(long seed) {
      return Example.random(form, inputs, units, seed, lengths);
    }
  }

  @Provide
  Arbitrary<Shape> ragged() {
    return Combinators.combine(
            layerForms(),
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(1, 37),
            Arbitraries.frequencyOf(Tuple.of(2, unequalLengths()), Tuple.of(1, equalLengths())))
        .as(Shape::new);
  }

  @Provide
  Arbitrary<CellCase> layerForms() {
    return Arbitraries.of(CellCase.all().toList());
  }

  private static Arbitrary<int[]> unequalLengths() {
    return Arbitraries.integers().between(0, 7).array(int[].class).ofMinSize(1).ofMaxSize(11);
  }

  /** Batches whose states before are those of the rows above. */
  private static Arbitrary<int[]> equalLengths() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 7), Arbitraries.integers().between(1, 11))
        .as(CellReferenceTest::equal);
  }

  @Property(tries = 300)
  void agreesInEveryOutputAndGradient(@ForAll("ragged") Shape shape, @ForAll long seed) {
    var example = shape.example(seed);
    var reference = new ReferenceRun(example);
    Assume.that(!reference.nearKink());
    var expected = reference.results();
    Assume.that(reference.cell.leastVariance > 0.02); // or normalization multiplies rounding
    var results = example.engine(Workers.single());
    assertThat(Agreement.difference(results, expected)).isEmpty();
  }

  /** Of 60 steps of 100 sequences, wide layers run through some at a time, narrow ones all. */
  @ParameterizedTest
  @MethodSource("dev.unroll.layer.CellCase#all")
  void outputsAloneAreTheSame(CellCase form) {
    for (int units : new int[] {5, 48}) {
      var layer = form.layer(7, units, new Layout());
      var tapes = List.of(layer.newTape(), layer.newTape(false));
      for (int[] lengths :
          List.of(new int[] {3, 1, 4}, equal(60, 100), new int[] {2}, equal(3, 4))) {
        var example = Example.random(form, 7, units, units, lengths);
        var weights = layer.newWeights();
        weights.packForward(example.parameters(), Workers.single());
        var x = Matrix.of(example.x(), example.steps().rows(), 7);
        for (LayerTape tape : tapes) {
          tape.begin(example.steps());
          layer.forward(weights, x, example.start(), tape, Workers.single());
        }
        var end = layer.endState(example.start(), tapes.get(0));
        var same = layer.endState(example.start(), tapes.get(1));
        assertThat(tapes.get(1).output().copyOfElements())
            .isEqualTo(tapes.get(0).output().copyOfElements());
        assertThat(same.a()).isEqualTo(end.a());
        assertThat(same.c()).isEqualTo(end.c());
      }
      assertThatIllegalStateException().isThrownBy(() -> tapes.get(1).beginBackward());
    }
  }

  /** Also into an array that is longer, and with states of the tape's own before and after. */
  @ParameterizedTest
  @MethodSource("dev.unroll.layer.CellCase#all")
  void outputsMayBeWrittenToAnArrayOfTheCaller(CellCase form) {
    for (int units : new int[] {5, 48}) {
      var layer = form.layer(7, units, new Layout());
      var tape = layer.newTape(false);
      var weights = layer.newWeights();
      for (int[] lengths : List.of(equal(60, 100), equal(1, 3), equal(3, 4), equal(0, 2))) {
        var example = Example.random(form, 7, units, units, lengths);
        weights.packForward(example.parameters(), Workers.single());
        var x = Matrix.of(example.x(), example.steps().rows(), 7);
        tape.begin(example.steps());
        layer.forward(weights, x, example.start(), tape, Workers.single());
        var expected = tape.output().copyOfElements();
        var end = layer.endState(example.start(), tape);
        var given = new float[expected.length + 3];
        tape.begin(example.steps());
        tape.writeTo(given);
        layer.forward(weights, x, example.start(), tape, Workers.single());
        var same = layer.endState(example.start(), tape);
        tape.giveBack();
        assertThat(given).isEqualTo(Arrays.copyOf(expected, given.length));
        assertThat(same.a()).isEqualTo(end.a());
        assertThat(same.c()).isEqualTo(end.c());
      }
      tape.begin(Steps.of(2, 1));
      assertThatIllegalStateException().isThrownBy(() -> tape.writeTo(new float[999]));
      var whole = layer.newTape();
      whole.begin(Steps.of(2, 2));
      assertThatIllegalStateException().isThrownBy(() -> whole.writeTo(new float[999]));
    }
  }

  private static int[] equal(int length, int batch) {
    return IntStream.range(0, batch).map(s -> length).toArray();
  }

  @Property(tries = 60)
  void threadsChangeNoBit(@ForAll("ragged") Shape shape, @ForAll long seed) {
    var example = shape.example(seed);
    var expected = example.engine(Workers.single());
    for (int threads : new int[] {2, 3, 8}) {
      try (var workers = new Workers(threads)) {
        assertSameBits(example.engine(workers), expected, threads + " threads");
      }
    }
  }

  /** Few sequences of wide layers share out the columns of a step. */
  @Property(tries = 24)
  void threadsThatShareTheColumnsOfAStepChangeNoBit(
      @ForAll("layerForms") CellCase form, @ForAll long seed) {
    var example = Example.random(form, 9, 150, seed, 3, 0, 5);
    var expected = example.engine(Workers.single());
    for (int threads : new int[] {2, 3, 8}) {
      try (var workers = new Workers(threads)) {
        assertSameBits(example.engine(workers), expected, threads + " threads");
      }
    }
  }

  /** Threads with many sequences of a small layer multiply the inputs of a step by themselves. */
  @ParameterizedTest
  @MethodSource("dev.unroll.layer.CellCase#all")
  void threadsThatMultiplyTheInputsOfAStepChangeNoBit(CellCase form) {
    int[] ragged = IntStream.range(0, 64).map(s -> s * 7 % 9).toArray();
    for (int[] lengths : List.of(equal(70, 64), ragged)) {
      var example = Example.random(form, 9, 20, 64, lengths);
      var expected = example.engine(Workers.single());
      for (int threads : new int[] {2, 3}) {
        try (var workers = new Workers(threads)) {
          assertSameBits(example.engine(workers), expected, threads + " threads");
          assertThat(outputsAlone(example, workers)).isEqualTo(expected.get("outputs"));
        }
      }
    }
  }

  private static float[] outputsAlone(Example example, Workers workers) {
    var layer = example.form().layer(example.inputs(), example.units(), new Layout());
    var weights = layer.newWeights();
    weights.packForward(example.parameters(), workers);
    var tape = layer.newTape(false);
    tape.begin(example.steps());
    var x = Matrix.of(example.x(), example.steps().rows(), example.inputs());
    layer.forward(weights, x, example.start(), tape, workers);
    return tape.output().copyOfElements();
  }

  @Property(tries = 100)
  void sequenceHasTheSameBitsAloneAndInAnyBatch(@ForAll("ragged") Shape shape, @ForAll long seed) {
    assertSameAlone(shape.example(seed));
  }

  /** Fewer rows than sequences, and yet a step that leaves one out between two others. */
  @ParameterizedTest
  @MethodSource("dev.unroll.layer.CellCase#all")
  void aBatchMayHaveFewerRowsThanSequences(CellCase form) {
    assertSameAlone(Example.random(form, 3, 4, 1, 1, 0, 1));
    assertSameAlone(Example.random(form, 3, 4, 2, 2, 0, 1, 1));
  }

  private static void assertSameAlone(Example example) {
    var batch = example.engine(Workers.single());
    for (int s = 0; s < example.steps().batch(); s++) {
      var alone = example.alone(s).engine(Workers.single());
      for (int t = 0; t < example.steps().length(s); t++) {
        int row = example.steps().row(t, s);
        assertRow(batch.get("outputs"), row, alone.get("outputs"), t, example.outputs());
        assertRow(batch.get("dx"), row, alone.get("dx"), t, example.inputs());
      }
      assertRow(batch.get("end a"), s, alone.get("end a"), 0, example.outputs());
      assertRow(batch.get("end c"), s, alone.get("end c"), 0, example.units());
      assertRow(batch.get("start da"), s, alone.get("start da"), 0, example.outputs());
      assertRow(batch.get("start dc"), s, alone.get("start dc"), 0, example.units());
    }
  }

  /** Ways to get a cell wrong; each must be seen, or the comparison above proves nothing. */
  enum Mutant {
    SWAPPED_GATES {
      @Override
      Example apply(Example e) {
        float[] p = e.parameters().clone();
        int gates = e.form().cell().gates().size();
        int size = e.units() * e.inputs();
        for (int i = 0; i < size; i++) {
          float kept = p[i];
          p[i] = p[(gates - 1) * size + i];
          p[(gates - 1) * size + i] = kept;
        }
        return e.withParameters(p);
      }
    },
    LOST_BIAS {
      @Override
      Example apply(Example e) {
        float[] p = e.parameters().clone();
        int from = e.form().reference(e.inputs(), e.units()).biasIndex(0);
        Arrays.fill(p, from, from + e.units(), 0f);
        return e.withParameters(p);
      }
    },
    LOST_OWN_PARAMETERS {
      @Override
      Example apply(Example e) {
        float[] p = e.parameters().clone();
        int from = e.form().reference(e.inputs(), e.units()).ownIndex(0);
        Arrays.fill(p, from, p.length, 0f);
        return e.withParameters(p);
      }
    },
    LATE_STATE {
      @Override
      Example apply(Example e) {
        return e.withStart(
            new LayerState(new float[e.start().a().length], new float[e.start().c().length]));
      }
    },
    LATE_INPUT {
      @Override
      Example apply(Example e) {
        float[] x = new float[e.x().length];
        System.arraycopy(e.x(), 0, x, e.inputs(), x.length - e.inputs());
        return e.withX(x);
      }
    },
    TRANSPOSED_WEIGHTS {
      @Override
      Example apply(Example e) {
        float[] p = e.parameters().clone();
        int from = e.form().cell().gates().size() * e.units() * e.inputs();
        for (int j = 0; j < e.outputs(); j++) {
          for (int k = 0; k < e.outputs(); k++) {
            p[from + j * e.outputs() + k] = e.parameters()[from + k * e.outputs() + j];
          }
        }
        return e.withParameters(p);
      }
    };

    abstract Example apply(Example example);

    /** Whether the cell has what the mutant gets wrong. */
    boolean appliesTo(CellCase form) {
      return switch (this) {
        case TRANSPOSED_WEIGHTS -> !form.cell().products().isEmpty();
        case SWAPPED_GATES -> form.cell().gates().size() > 1;
        case LOST_OWN_PARAMETERS -> !form.cell().own().isEmpty();
        default -> true;
      };
    }
  }

  /** Every mutant with every case that it applies to, so that none passes by doing nothing. */
  static Stream<Arguments> mutants() {
    return CellCase.all()
        .flatMap(
            form ->
                Arrays.stream(Mutant.values())
                    .filter(mutant -> mutant.appliesTo(form))
                    .map(mutant -> Arguments.of(form, mutant)));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void noticesEveryMutant(CellCase form, Mutant mutant) {
    for (long seed = 0; seed < 5; seed++) {
      var example = Example.random(form, 5, 6, seed, 3, 4, 2);
      var results = mutant.apply(example).engine(Workers.single());
      assertThat(Agreement.difference(results, new ReferenceRun(example).results())).isNotEmpty();
    }
  }

  /** Ways to be wrong in the backward pass only: outputs agree, so the gradients must tell. */
  enum BackwardMutant {
    TRANSPOSED_WEIGHTS,
    LOST_OUTPUT_GRADIENT,
    LOST_MEMORY_GRADIENT;

    boolean appliesTo(CellCase form) {
      return switch (this) {
        case TRANSPOSED_WEIGHTS -> !form.cell().products().isEmpty();
        case LOST_OUTPUT_GRADIENT -> true;
        case LOST_MEMORY_GRADIENT -> form.hasMemory();
      };
    }

    Map<String, float[]> engine(Example example) {
      var single = Workers.single();
      return switch (this) {
        case TRANSPOSED_WEIGHTS ->
            example.engine(single, Mutant.TRANSPOSED_WEIGHTS.apply(example).parameters());
        case LOST_OUTPUT_GRADIENT ->
            example.withLoss(new float[example.va().length], example.vc()).engine(single);
        case LOST_MEMORY_GRADIENT ->
            example.withLoss(example.va(), new float[example.vc().length]).engine(single);
      };
    }
  }

  static Stream<Arguments> backwardMutants() {
    return CellCase.all()
        .flatMap(
            form ->
                Arrays.stream(BackwardMutant.values())
                    .filter(mutant -> mutant.appliesTo(form))
                    .map(mutant -> Arguments.of(form, mutant)));
  }

  @ParameterizedTest
  @MethodSource("backwardMutants")
  void noticesEveryMutantOfTheBackwardPass(CellCase form, BackwardMutant mutant) {
    for (long seed = 0; seed < 5; seed++) {
      var example = Example.random(form, 5, 6, seed, 3, 4, 2);
      var expected = new ReferenceRun(example).results();
      var difference = Agreement.difference(mutant.engine(example), expected);
      assertThat(difference).isPresent();
      assertThat(difference.orElseThrow()).matches("(dx|gradients|start da|start dc)\\[.*");
    }
  }

  private static void assertSameBits(
      Map<String, float[]> actual, Map<String, float[]> expected, String what) {
    expected.forEach(
        (name, values) -> assertThat(actual.get(name)).as("%s, %s", name, what).isEqualTo(values));
  }

  private static void assertRow(float[] a, int rowOfA, float[] b, int rowOfB, int width) {
    if (a.length > 0) {
      assertThat(Arrays.copyOfRange(a, rowOfA * width, (rowOfA + 1) * width))
          .isEqualTo(Arrays.copyOfRange(b, rowOfB * width, (rowOfB + 1) * width));
    }
  }
}
