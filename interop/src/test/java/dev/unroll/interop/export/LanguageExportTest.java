package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.cell.Cell;
import dev.unroll.data.Condition;
import dev.unroll.network.Cells;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Language models of every cell with every option, run by ONNX Runtime. */
@ExtendWith(ExportTable.class)
class LanguageExportTest {

  /** Each cell plain, with a learned start, and with all that a layer can add to it. */
  static Stream<Arguments> cells() {
    var all = new ArrayList<Arguments>();
    for (Cell cell : Cells.ALL) {
      for (boolean streaming : new boolean[] {false, true}) {
        all.add(Arguments.of(cell.label(), Network.of(cell, 5, 4), streaming));
        all.add(
            Arguments.of(
                cell.label() + " start", Network.of(cell, 5).withLearnedStart(true), streaming));
        all.add(Arguments.of(cell.label() + " normalized", normalized(cell), streaming));
        all.add(Arguments.of(cell.label() + " everything", everything(cell), streaming));
      }
    }
    return all.stream();
  }

  private static Network normalized(Cell cell) {
    return Network.of(cell, 5, 5).withLayerNormalization(true).withResidual(true);
  }

  private static Network everything(Cell cell) {
    var layers = new ArrayList<Network.Layer>();
    layers.add(new Network.Layer(cell, 6));
    layers.add(new Network.Layer(cell, 7, cell.hasMemory() ? 6 : 0, true, Direction.FORWARD));
    layers.add(new Network.Layer(cell, 7, cell.hasMemory() ? 6 : 0, false, Direction.FORWARD));
    double memory = cell.hasMemory() ? 0.2 : 0;
    var dropouts = new Dropouts(0.1, 0.05, 0.2, 0.1, 0.2, 0.1, memory, false);
    return new Network(layers, 3, false, true, true, List.of(), dropouts)
        .withResidual(cell.hasMemory());
  }

  @ParameterizedTest(name = "{0} streaming {2}")
  @MethodSource("cells")
  void everyCellGivesTheSameInOnnxRuntime(String name, Network network, boolean streaming) {
    check(network, null, streaming);
  }

  static Stream<Arguments> heads() {
    var all = new ArrayList<Arguments>();
    for (boolean streaming : new boolean[] {false, true}) {
      all.add(Arguments.of(Network.gru(4).withTied(true), null, streaming));
      all.add(Arguments.of(Network.lstm(17).withAdaptiveSoftmax(4, 8), null, streaming));
      for (var place : Condition.Place.values()) {
        var condition = new Condition(List.of(), 3, place);
        all.add(Arguments.of(Network.lstm(4, 5), condition, streaming));
        all.add(Arguments.of(Network.gru(4).withLearnedStart(true), condition, streaming));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("heads")
  void everyHeadAndConditionGivesTheSame(Network network, Condition condition, boolean streaming) {
    check(network, condition, streaming);
  }

  private static void check(Network network, Condition condition, boolean streaming) {
    var model = RandomModels.language(network, condition);
    var labels =
        condition == null
            ? ExportTable.labels(network)
            : ExportTable.labels(network, "condition: " + condition.place().label());
    Judged.check(LanguageExport.write(model, new Form(17, streaming)), labels);
  }
}
