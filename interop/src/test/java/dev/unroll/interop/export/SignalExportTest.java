package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.result.Model;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recognizers and regressors of text and of numbers, run by ONNX Runtime. */
@ExtendWith(ExportTable.class)
class SignalExportTest {

  private static final List<Network> NETWORKS =
      List.of(
          Network.lstm(5),
          Network.gru(4, 4).withResidual(true).withLearnedStart(true),
          Network.of(Cells.MIN_LSTM, 6),
          Network.of(Cells.GRU_RESET_AFTER, 3, 3).withDirection(Direction.BOTH).withResidual(true));

  private static void check(Model model, Network network, boolean numbers, boolean streaming) {
    var labels = ExportTable.labels(network, numbers ? "reads numbers" : "reads text");
    Judged.check(Exports.of(model, new Form(17, streaming)), labels);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRecognizerGivesTheSame(boolean numbers) {
    for (Network network : NETWORKS) {
      var model = RandomModels.recognizer(network, RandomModels.source(numbers));
      check(model, network, numbers, false);
      if (network.layers().getFirst().direction() == Direction.FORWARD) {
        check(model, network, numbers, true);
      }
    }
    var sum = Network.lstm(3).withDirection(Direction.SUM);
    var model = RandomModels.recognizer(sum, RandomModels.source(numbers));
    check(model, sum, numbers, false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRegressorGivesTheSame(boolean numbers) {
    for (Network network : NETWORKS) {
      var model = RandomModels.regressor(network, RandomModels.source(numbers));
      check(model, network, numbers, false);
      if (network.layers().getFirst().direction() == Direction.FORWARD) {
        check(model, network, numbers, true);
      }
    }
  }
}
