package dev.unroll.cli.command;

import dev.unroll.base.Workers;
import dev.unroll.cli.option.EncodingOption;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Form;
import dev.unroll.cli.report.Report;
import picocli.CommandLine.Mixin;

/**
 * What {@code eval} does in every task: measures a model on data whose answers are known.
 *
 * @param <M> what is measured
 * @param <R> what is printed
 */
public abstract class EvalCommand<M, R extends Report> extends UnrollCommand {

  @Mixin private JsonOption json = new JsonOption();
  @Mixin private EncodingOption encoding = new EncodingOption();
  @Mixin private ThreadOption threads = new ThreadOption();

  /** Created by the command line. */
  protected EvalCommand() {}

  /** Refuses options that do not fit, before a model is opened. */
  protected void check() {}

  /** Returns in what form the measures are printed. */
  protected final Form form() {
    return json.form();
  }

  /** Opens the model. */
  protected abstract M open();

  /** Reads the data and measures the model on them. */
  protected abstract R measure(M model, Workers workers);

  /** Draws or shows what is asked for besides, after all is printed. */
  protected void finish(M model, R report, Workers workers) {}

  @Override
  public Integer call() {
    check();
    json.check();
    M model = open();
    try (Workers workers = threads.workers()) {
      R report = encoding.reading(model, () -> measure(model, workers));
      report.print(out(), json.form());
      finish(model, report, workers);
    }
    return 0;
  }
}
