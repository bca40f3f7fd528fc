package dev.unroll.interop.export;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.task.label.Feature;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Spelling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classifiers and taggers with every option, run by ONNX Runtime. */
@ExtendWith(ExportTable.class)
class LabelExportTest {

  private static final Form WHOLE = new Form(17, false);
  private static final Form STREAMING = new Form(17, true);

  /** Forward, both ways by an operator and by Scan, with and without a residual connection. */
  private static List<Network> networks() {
    var all = new ArrayList<Network>();
    for (Direction direction : Direction.values()) {
      all.add(Network.gru(5).withDirection(direction));
      all.add(Network.lstm(4, 4).withDirection(direction).withResidual(true));
      all.add(
          Network.of(Cells.LSTM_PEEPHOLES_AFTER, 4)
              .withDirection(direction)
              .withLearnedStart(true));
      all.add(
          Network.of(Cells.MGU, 4, 4)
              .withDirection(direction)
              .withResidual(true)
              .withLearnedStart(true)
              .withLayerNormalization(true));
    }
    return all;
  }

  private static boolean readsForward(Network network) {
    return network.layers().getFirst().direction() == Direction.FORWARD;
  }

  @ParameterizedTest
  @EnumSource
  void everyPoolingGivesTheSame(PoolingKind pooling) {
    for (boolean several : new boolean[] {false, true}) {
      for (Network network : networks()) {
        boolean sum = network.layers().getFirst().direction() == Direction.SUM;
        if (sum && pooling == PoolingKind.LAST) {
          continue; // there is no such network
        }
        var output = new LabelSpec.PerSequence(3, pooling, several);
        var model = RandomModels.classifier(new LabelSpec(network, null, output));
        String head = several ? "several labels" : "one label";
        var labels = ExportTable.labels(network, "pooling " + pooling.label(), head);
        Judged.check(LabelExport.write(model, WHOLE), labels);
        if (readsForward(network)) {
          Judged.check(LabelExport.write(model, STREAMING), labels);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyTaggerGivesTheSame(boolean crf) {
    for (Network network : networks()) {
      var output = new LabelSpec.PerStep(4, crf);
      var model = RandomModels.tagger(new LabelSpec(network, null, output));
      var labels = ExportTable.labels(network, crf ? "CRF" : "softmax");
      Judged.check(LabelExport.write(model, WHOLE), labels);
      if (readsForward(network)) {
        Judged.check(LabelExport.write(model, STREAMING), labels);
      }
    }
  }

  @Test
  void spellingAndColumnsAreReadBesideTheToken() {
    var spelling = new Spelling(3, 4);
    var features = List.of(new Feature(2, 3), new Feature(3, 2));
    var output = new LabelSpec.PerStep(3, true);
    var network = Network.lstm(4).withDirection(Direction.BOTH);
    Judged.check(
        LabelExport.write(
            RandomModels.tagger(new LabelSpec(network, spelling, features, output)), WHOLE),
        List.of("spelling and columns"));
    Judged.check(
        LabelExport.write(
            RandomModels.tagger(
                new LabelSpec(Network.gru(4), spelling, features, new LabelSpec.PerStep(3, false))),
            STREAMING),
        List.of("spelling and columns"));
  }

  @Test
  void ngramsAreAddedToTheScores() {
    for (PoolingKind pooling : PoolingKind.values()) {
      var output = new LabelSpec.PerSequence(3, pooling, false, 7);
      var model = RandomModels.classifier(new LabelSpec(Network.gru(5), null, output));
      var labels = List.of("n-grams");
      Judged.check(LabelExport.write(model, WHOLE), labels);
      Judged.check(LabelExport.write(model, STREAMING), labels);
    }
  }

  @Test
  void whatReadsBothWaysHasNoStreamingForm() {
    var network = Network.lstm(4).withDirection(Direction.BOTH);
    var model = RandomModels.tagger(new LabelSpec(network, null, new LabelSpec.PerStep(3, false)));
    assertThatThrownBy(() -> LabelExport.write(model, STREAMING))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bidirectional");
  }
}
