package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.task.transduce.TransducerSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoder-decoders with every option, run by ONNX Runtime. */
@ExtendWith(ExportTable.class)
class TransducerExportTest {

  static List<TransducerSpec> specs() {
    var all = new ArrayList<TransducerSpec>();
    for (String attention : List.of("none", "additive", "multiplicative")) {
      for (boolean feeds : attention.equals("none") ? List.of(false) : List.of(false, true)) {
        all.add(TransducerSpec.of(Network.lstm(5), Network.lstm(5), attention, feeds));
        all.add(
            TransducerSpec.of(
                Network.lstm(3, 4).withDirection(Direction.BOTH).withLearnedStart(true),
                Network.gru(5, 5).withResidual(true).withTied(true),
                attention,
                feeds));
        all.add(
            TransducerSpec.of(
                Network.of(Cells.MIN_GRU, 4).withDirection(Direction.SUM),
                Network.of(Cells.LSTM_PEEPHOLES_BEFORE, 9, 8)
                    .withProjection(6)
                    .withLayerNormalization(true)
                    .withAdaptiveSoftmax(3, 6),
                attention,
                feeds));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("specs")
  void bothGraphsTogetherGiveTheSame(TransducerSpec spec) {
    var labels = new ArrayList<>(ExportTable.labels(spec.encoder()));
    labels.addAll(ExportTable.labels(spec.decoder()));
    var attention = spec.attention();
    labels.add("attention: " + (attention == null ? "none" : attention.label()));
    if (spec.feeds()) {
      labels.add("input feeding");
    }
    var model = RandomModels.transducer(spec);
    Judged.check(
        TransducerExport.write(model, new Form(17, false)), labels.stream().distinct().toList());
  }
}
