package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Workers;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.NumberLexicon;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.learn.Learner;
import dev.unroll.model.Regressor;
import dev.unroll.network.Network;
import dev.unroll.result.LabelMeasure;
import dev.unroll.store.ModelFile;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelTask;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.TokenVectors;
import dev.unroll.task.regress.RegressorFields;
import dev.unroll.task.regress.RegressorRun;
import dev.unroll.task.regress.RegressorRun.Example;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An example of weight 2 counts as if it were there twice; groups stay in one part. */
class WeightsTest {

  private static final NumberLexicon TOKENS = new NumberLexicon(9);
  private static final Training OPTIONS = Training.defaults().withBatch(100, 10).withThreads(1);
  private static final List<Integer> COUNTS = List.of(1, 3, 2, 1, 2, 1, 4, 1);
  private static final Network LAYERS = Network.gru(7).withDirection(Direction.BOTH);

  private record Computed(double loss, float[] gradients) {}

  private static Computed computed(Run<?> run, float[] parameters) {
    Learner learner = run.learner();
    float[] gradients = new float[parameters.length];
    var step = new Learner.Step(0, 0, 1, CounterRandom.of(1, CounterRandom.Purpose.DROPOUT, 0));
    try (var workers = new Workers(1)) {
      var loss = learner.lossAndGradient(parameters, step, gradients, workers);
      return new Computed(loss.mean(), gradients);
    }
  }

  private static void assertWeighted(Run<?> weighted, Run<?> repeated, Run<?> plain) {
    float[] parameters = weighted.learner().initialize(3);
    Computed a = computed(weighted, parameters);
    Computed b = computed(repeated, parameters);
    assertThat(a.loss).isCloseTo(b.loss, within(1e-6));
    assertThat(a.gradients)
        .containsExactly(b.gradients, org.assertj.core.data.Offset.offset(2e-6f));
    assertThat(a.loss).isNotCloseTo(computed(plain, parameters).loss, within(1e-4));
    assertGradient(weighted, parameters, a.gradients);
  }

  /** Along a direction, the loss changes as its gradient says. */
  private static void assertGradient(Run<?> run, float[] parameters, float[] gradients) {
    double step = 2e-3;
    double expected = 0;
    float[] up = parameters.clone();
    float[] down = parameters.clone();
    for (int i = 0; i < up.length; i++) {
      int sign = (i * 7 + i / 3) % 2 == 0 ? 1 : -1;
      up[i] += (float) (sign * step);
      down[i] -= (float) (sign * step);
      expected += sign * gradients[i];
    }
    double found = (computed(run, up).loss - computed(run, down).loss) / (2 * step);
    assertThat(found).isCloseTo(expected, within(2e-3 * Math.max(1, Math.abs(expected))));
  }

  private static List<String> tokens(int i) {
    return IntStream.range(0, 2 + i % 3).mapToObj(t -> "" + (2 + (i * 5 + t * 3) % 6)).toList();
  }

  private static Run<?> label(LabelSpec.Output output, List<LabeledSequence> data) {
    var labels = Labels.of(data, List.of(), Map.of());
    var task =
        new LabelTask(TOKENS, labels, new LabelSpec(LAYERS, null, output), TokenVectors.NONE);
    var goal = new LabelRun.Goal(LabelMeasure.LOSS);
    return new LabelRun(task, List.of(data, data), goal, OPTIONS, RunOutput.NOTHING);
  }

  private static void assertLabels(LabelSpec.Output output, boolean perStep) {
    var plain =
        IntStream.range(0, COUNTS.size())
            .mapToObj(
                i -> {
                  var words = tokens(i);
                  var tags =
                      IntStream.range(0, words.size())
                          .mapToObj(t -> "" + "ABC".charAt((i + t) % 3))
                          .toList();
                  return new LabeledSequence(words, perStep ? tags : tags.subList(0, 1));
                })
            .toList();
    var weighted = new ArrayList<LabeledSequence>();
    var repeated = new ArrayList<LabeledSequence>();
    for (int i = 0; i < plain.size(); i++) {
      weighted.add(plain.get(i).with(COUNTS.get(i), ""));
      for (int n = 0; n < COUNTS.get(i); n++) {
        repeated.add(plain.get(i));
      }
    }
    assertWeighted(label(output, weighted), label(output, repeated), label(output, plain));
  }

  @Test
  void aTextOfWeightTwoCountsTwice() {
    assertLabels(new LabelSpec.PerSequence(3, PoolingKind.MEAN, false), false);
    assertLabels(new LabelSpec.PerSequence(3, PoolingKind.LAST, true), false);
  }

  @Test
  void aSentenceOfWeightTwoCountsTwice() {
    assertLabels(new LabelSpec.PerStep(3, false), true);
    assertLabels(new LabelSpec.PerStep(3, true), true);
  }

  @Test
  void aNumberOfWeightTwoCountsTwice() {
    var plain =
        IntStream.range(0, COUNTS.size())
            .mapToObj(i -> new Example(String.join(" ", tokens(i)), i * i % 7))
            .toList();
    var weighted = new ArrayList<Example>();
    var repeated = new ArrayList<Example>();
    for (int i = 0; i < plain.size(); i++) {
      weighted.add(plain.get(i).with(COUNTS.get(i), ""));
      for (int n = 0; n < COUNTS.get(i); n++) {
        repeated.add(plain.get(i));
      }
    }
    var source = SourceReader.ofText(TOKENS);
    var first = new RegressorRun(LAYERS, source, List.of(plain, plain), OPTIONS, RunOutput.NOTHING);
    assertWeighted(further(first, source, weighted), further(first, source, repeated), first);
  }

  /** Numbers are standardized as those of the first run were. */
  private static Run<?> further(RegressorRun first, SourceReader source, List<Example> data) {
    var file = new ModelFile<>(first.fields(), first.learner().initialize(1), Provenance.NONE);
    var fields = RegressorFields.of(LAYERS, source, new Regressor(file).fields().scaling());
    return RegressorRun.from(fields, List.of(data, data), OPTIONS, RunOutput.NOTHING);
  }

  @Test
  void weightsAreInTheFingerprintOnlyWhereThereAreSome() {
    var plain = List.of(new LabeledSequence(List.of("2"), List.of("A")));
    var same = List.of(plain.getFirst().with(1, "group"));
    var other = List.of(plain.getFirst().with(2, ""));
    String fingerprint = LabeledSequence.fingerprint(plain);
    assertThat(LabeledSequence.fingerprint(same)).isEqualTo(fingerprint);
    assertThat(LabeledSequence.fingerprint(other)).isNotEqualTo(fingerprint);
    assertThatThrownBy(() -> plain.getFirst().with(-1, "")).isInstanceOf(InputException.class);
  }

  private static Set<String> groups(List<LabeledSequence> part) {
    return part.stream().map(LabeledSequence::group).collect(Collectors.toSet());
  }

  @Test
  void aGroupStaysInOnePart() {
    var data =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    new LabeledSequence(tokens(i), List.of(i % 2 == 0 ? "A" : "B"))
                        .with(1, "g" + i % 12))
            .toList();
    var parts = LabeledSequence.cut(data, 0.2);
    assertThat(groups(parts.get(1))).isNotEmpty().doesNotContainAnyElementsOf(groups(parts.get(0)));
    assertThat(parts.get(1)).hasSizeBetween(5, 12);
    assertThat(LabeledSequence.cut(data, 0.2)).isEqualTo(parts);
    for (int fold = 0; fold < 3; fold++) {
      var tested = LabeledSequence.fold(data, fold, 3, true);
      assertThat(tested).hasSize(20);
      assertThat(groups(tested))
          .doesNotContainAnyElementsOf(groups(LabeledSequence.fold(data, fold, 3, false)));
    }
    var numbers =
        IntStream.range(0, 40).mapToObj(i -> new Example("t" + i, i).with(1, "g" + i % 8)).toList();
    var cut = Example.cut(numbers, 0.25);
    var aside = cut.get(1).stream().map(Example::group).collect(Collectors.toSet());
    assertThat(cut.get(1)).hasSize(10);
    assertThat(cut.get(0)).noneMatch(each -> aside.contains(each.group()));
    var one = data.stream().map(each -> each.with(1, "all")).toList();
    assertThatThrownBy(() -> LabeledSequence.cut(one, 0.2)).hasMessageContaining("1 group");
  }

  /** Whichever group comes first by chance: what is learned from would be the smaller part. */
  @Test
  void aGroupOfMostExamplesIsLearnedFrom() {
    for (int large = 0; large < 4; large++) {
      int most = large;
      var groups = IntStream.range(0, 60).mapToObj(i -> "g" + (i < 12 ? i % 4 : most)).toList();
      var labeled =
          IntStream.range(0, 60)
              .mapToObj(
                  i ->
                      new LabeledSequence(tokens(i), List.of(i % 8 < 4 ? "A" : "B"))
                          .with(1, groups.get(i)))
              .toList();
      assertThat(LabeledSequence.cut(labeled, 0.1).get(1)).hasSizeBetween(3, 6);
      var numbers =
          IntStream.range(0, 60).mapToObj(i -> new Example("t", i).with(1, groups.get(i))).toList();
      assertThat(Example.cut(numbers, 0.1).get(1)).hasSize(3);
      var pairs = groups.stream().map(each -> new Pair(each, "target")).toList();
      assertThat(Pair.cut(pairs, 0.1).get(1)).hasSize(3);
    }
    var alone =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    new LabeledSequence(tokens(i), List.of(i < 50 ? "A" : "B"))
                        .with(1, i < 50 ? "anna" : "ben"))
            .toList();
    assertThatThrownBy(() -> LabeledSequence.cut(alone, 0.1))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("2 groups", "«anna» has 50 of 60 examples", "Give more groups");
  }
}
