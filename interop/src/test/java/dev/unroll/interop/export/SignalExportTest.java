package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recognizers and regressors of text and of numbers, run by ONNX Runtime. */
class SignalExportTest {

  private static final List<Network> NETWORKS =
      List.of(
          Network.lstm(5),
          Network.gru(4, 4).withResidual(true).withLearnedStart(true),
          Network.of(Cells.MIN_LSTM, 6),
          Network.of(Cells.GRU_RESET_AFTER, 3, 3).withDirection(Direction.BOTH).withResidual(true));

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRecognizerGivesTheSame(boolean numbers) {
    for (Network network : NETWORKS) {
      var model = RandomModels.recognizer(network, RandomModels.source(numbers));
      Judged.check(SignalExport.write(model, new Form(17, false)));
      if (network.layers().getFirst().direction() == Direction.FORWARD) {
        Judged.check(SignalExport.write(model, new Form(17, true)));
      }
    }
    var sum = Network.lstm(3).withDirection(Direction.SUM);
    var model = RandomModels.recognizer(sum, RandomModels.source(numbers));
    Judged.check(SignalExport.write(model, new Form(17, false)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRegressorGivesTheSame(boolean numbers) {
    for (Network network : NETWORKS) {
      var model = RandomModels.regressor(network, RandomModels.source(numbers));
      Judged.check(SignalExport.write(model, new Form(17, false)));
      if (network.layers().getFirst().direction() == Direction.FORWARD) {
        Judged.check(SignalExport.write(model, new Form(17, true)));
      }
    }
  }
}
