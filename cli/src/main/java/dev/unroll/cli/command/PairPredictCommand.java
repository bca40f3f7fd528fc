package dev.unroll.cli.command;

import dev.unroll.base.InputException;
import dev.unroll.cli.option.PairColumns;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What {@code predict} does in tasks that turn a source into a target: the best of a beam, or the
 * best few.
 *
 * @param <M> what answers
 * @param <O> a target of a source, with its score
 */
public abstract class PairPredictCommand<M, O> extends PredictCommand<M, String, List<O>> {

  @Mixin protected PairColumns columns = new PairColumns();

  @Option(
      names = "--nbest",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Print the N best targets of each source (at most as many as the beam), one per"
              + " line: source number from 1, score (for transduce also log-probability) in nats,"
              + " and target, separated by tabs.")
  private int nbest;

  private long number;

  /** Created by the command line. */
  protected PairPredictCommand() {}

  /** Returns how many targets of a source are looked for. */
  protected abstract int beam();

  /** Returns the target, as it is written. */
  protected abstract String text(O output);

  /** Returns the target after its scores, between tabs. */
  protected abstract String scored(O output);

  /** Returns a target for machines. */
  protected abstract Object fields(O output);

  /** Adds to what machines read what only this task has, before the targets. */
  protected void add(Map<String, Object> fields, M model, String source) {}

  @Override
  protected void check() {
    if (nbest < 0 || nbest > beam()) {
      throw new InputException(
          "--nbest is %d, but the beam %d".formatted(nbest, beam()),
          "Make --beam as large, or ask for fewer.");
    }
  }

  /** A row of each target; a source without one has a row, too. */
  @Override
  protected final List<Map<String, Object>> rows(M model, String source, List<O> outputs) {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < Math.max(1, Math.min(nbest, outputs.size())); i++) {
      var row = new LinkedHashMap<String, Object>();
      row.put("source", source);
      row.put("target", outputs.isEmpty() ? "" : text(outputs.get(i)));
      if (nbest > 0) {
        row.put("rank", i + 1);
      }
      rows.add(row);
    }
    return rows;
  }

  @Override
  protected final void print(PrintWriter out, M model, String source, List<O> outputs) {
    number++;
    if (nbest == 0) {
      out.println(outputs.isEmpty() ? "" : text(outputs.getFirst()));
    } else {
      outputs.stream().limit(nbest).forEach(each -> out.println(number + "\t" + scored(each)));
    }
  }

  @Override
  protected final Map<String, Object> fields(M model, String source, List<O> outputs) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("source", source);
    add(fields, model, source);
    fields.put("targets", outputs.stream().limit(Math.max(1, nbest)).map(this::fields).toList());
    return fields;
  }
}
