package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.layer.Zoneout;
import dev.unroll.network.Network;
import dev.unroll.task.label.Spelling;
import java.util.List;

/**
 * Writes how words are read by their characters: {@code characters} [batch][time][letters] and
 * {@code character_lengths} [batch][time], through an LSTM both ways to its two last outputs.
 */
final class SpellingWriter {

  private final GraphWriter g;
  private final Parameters parameters;
  private final Spelling spelling;

  SpellingWriter(GraphWriter g, Parameters parameters, Spelling spelling) {
    this.g = g;
    this.parameters = parameters;
    this.spelling = spelling;
  }

  /** Returns the vector of each word, [steps][batch][width]. */
  String write(Sequences words) {
    g.part("spelling");
    String characters = g.input("characters", Type.INT64, "batch", "time", "letters");
    String lengths = g.input("character_lengths", Type.INT64, "batch", "time");
    String turned = g.transpose(characters, 1, 0, 2);
    String letters = g.unsqueeze(g.length(characters, 2), 0);
    String rows = g.reshapeTo(turned, -1, letters);
    String ofRows = g.reshape(g.transpose(lengths, 1, 0), -1);
    var sequences = Sequences.of(g, rows, ofRows);
    String ids = g.transpose(rows, 1, 0);
    String x = InputWriter.embed(g, parameters, "spelling.embedding.weight", ids, 2, false);
    var cell = new LstmCell(Peepholes.NONE);
    var form = new Network.Layer(cell, spelling.units(), 0, false, Direction.BOTH);
    var plan = new LayerPlan(parameters, form, Zoneout.NONE, "spelling.");
    List<State> ends = LayerWriter.write(g, plan, x, sequences, List.of()).ends();
    String both = g.concat(1, List.of(ends.get(0).a(), ends.get(1).a()));
    return g.reshapeTo(both, words.steps(), words.batch(), form.outputs());
  }
}
