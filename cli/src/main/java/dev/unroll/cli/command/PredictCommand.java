package dev.unroll.cli.command;

import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Blocks;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.kernel.Workers;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;

/**
 * What {@code predict} does in every task whose inputs come one after another: prints the answer to
 * each, in their order, while the rest is still read.
 *
 * @param <M> what answers
 * @param <I> an input
 * @param <O> an answer
 */
public abstract class PredictCommand<M, I, O> extends UnrollCommand {

  @Mixin protected ModelAndFiles given = new ModelAndFiles();

  @Mixin protected JsonOption json = new JsonOption();
  @Mixin private ThreadOption threads = new ThreadOption();

  /** Created by the command line. */
  protected PredictCommand() {}

  /** Refuses options that do not fit, before a model is opened. */
  protected void check() {}

  /** Opens the model. */
  protected abstract M open();

  /** Reads the files, and gives each input to {@code reader}. */
  protected abstract void read(M model, Consumer<I> reader);

  /** Returns the answer to each input. */
  protected abstract List<O> answer(M model, List<I> inputs, Workers workers);

  /** Prints an answer for people. */
  protected abstract void print(PrintWriter out, M model, I input, O answer);

  /** Returns an answer for machines. */
  protected abstract Object fields(M model, I input, O answer);

  @Override
  public Integer call() {
    check();
    M model = open();
    try (Workers workers = threads.workers();
        var blocks = new Blocks<I>(given.files(), inputs -> print(model, inputs, workers))) {
      read(model, blocks);
    }
    return 0;
  }

  private void print(M model, List<I> inputs, Workers workers) {
    PrintWriter out = out();
    List<O> found = answer(model, inputs, workers);
    for (int i = 0; i < inputs.size(); i++) {
      if (json.asked()) {
        JsonLine.print(out, fields(model, inputs.get(i), found.get(i)));
      } else {
        print(out, model, inputs.get(i), found.get(i));
      }
    }
  }
}
