package dev.unroll.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.result.Model;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.tasks.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every task in every opset; a new task has a line here. */
@ExtendWith(ExportTable.class)
class EveryTaskExportTest {

  /** The newest opset that ONNX Runtime 1.23 has. */
  private static final int RUNTIME = 23;

  private static final Pattern LEAST = Pattern.compile("\\{opset (\\d+)\\}");

  private static final Network PLAIN = Network.lstm(4);
  private static final Network BASIC = Network.of(Cells.MGU, 4).withDirection(Direction.BOTH);

  /** Of each task a model as plain as can be, and one that needs much. */
  private static Map<String, List<Model>> models() {
    var last = new LabelSpec.PerSequence(3, PoolingKind.LAST, false);
    var attention = new LabelSpec.PerSequence(3, PoolingKind.ATTENTION, true);
    return Map.of(
        "lm",
        List.of(
            RandomModels.language(PLAIN, null),
            RandomModels.language(Network.of(Cells.MIN_LSTM, 17).withAdaptiveSoftmax(3, 7), null)),
        "classify",
        List.of(
            RandomModels.classifier(new LabelSpec(PLAIN, null, last)),
            RandomModels.classifier(new LabelSpec(BASIC, null, attention))),
        "tag",
        List.of(
            RandomModels.tagger(new LabelSpec(PLAIN, null, new LabelSpec.PerStep(3, false))),
            RandomModels.tagger(new LabelSpec(BASIC, null, new LabelSpec.PerStep(3, true)))),
        "transduce",
        List.of(
            RandomModels.transducer(TransducerSpec.of(PLAIN, PLAIN, "none", false)),
            RandomModels.transducer(
                TransducerSpec.of(BASIC, Network.gru(4).withTied(true), "additive", true))),
        "recognize",
        List.of(
            RandomModels.recognizer(PLAIN, RandomModels.source(false)),
            RandomModels.recognizer(BASIC, RandomModels.source(true))),
        "forecast",
        List.of(
            RandomModels.forecaster(forecast(Relative.NOTHING, Regression.SQUARED), PLAIN, 1),
            RandomModels.forecaster(
                forecast(Relative.SEASON, new Regression.Quantiles(List.of(0.1, 0.9)))
                    .withMask(true),
                BASIC,
                3)),
        "regress",
        List.of(
            RandomModels.regressor(PLAIN, RandomModels.source(false)),
            RandomModels.regressor(BASIC, RandomModels.source(true))));
  }

  private static ForecastSpec forecast(Relative relative, Regression head) {
    var window = new ForecastSpec.Window(6, 2, 2);
    return new ForecastSpec(
        List.of("x", "y"), List.of(), List.of(), window, relative, false, false, head);
  }

  @Test
  void everyTaskIsHere() {
    assertThat(models().keySet())
        .containsExactlyInAnyOrderElementsOf(Tasks.ALL.stream().map(each -> each.name()).toList());
  }

  static Stream<Arguments> opsets() {
    var all = new ArrayList<Arguments>();
    for (var task : models().keySet()) {
      for (int opset = Opset.LEAST; opset <= Opset.MOST; opset++) {
        all.add(Arguments.of(task, opset));
      }
    }
    return all.stream();
  }

  /** What an old opset cannot say is refused with the least that can, which then does. */
  @ParameterizedTest
  @MethodSource("opsets")
  void everyOpsetGivesTheSameOrNamesTheLeast(String task, int opset) {
    for (Model model : models().getOrDefault(task, List.of())) {
      try {
        check(Exports.of(model, new Form(opset, false)), opset);
      } catch (InputException e) {
        var found = LEAST.matcher(e.fix());
        assertThat(found.find()).as(e.getMessage()).isTrue();
        int least = Integer.parseInt(found.group(1));
        assertThat(least).isBetween(opset + 1, 11);
        check(Exports.of(model, new Form(least, false)), least);
      }
    }
  }

  private static void check(Exported exported, int opset) {
    if (opset <= RUNTIME) {
      Judged.checkWithOnnxRuntime(exported, List.of("opsets 7 to " + RUNTIME));
    }
    Judged.checkWithOurs(exported);
  }
}
