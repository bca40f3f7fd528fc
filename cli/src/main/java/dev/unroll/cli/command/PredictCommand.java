package dev.unroll.cli.command;

import dev.unroll.base.Workers;
import dev.unroll.cli.option.EncodingOption;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Blocks;
import dev.unroll.cli.report.CsvRows;
import dev.unroll.cli.report.JsonLine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
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
  @Mixin private EncodingOption encoding = new EncodingOption();
  @Mixin private ThreadOption threads = new ThreadOption();

  private final CsvRows table = new CsvRows();

  /** Created by the command line. */
  protected PredictCommand() {}

  /** Refuses options that do not fit, before a model is opened. */
  protected void check() {}

  /** Opens the model. */
  protected abstract M open();

  /** Returns the model, or the models, that answer. */
  protected Object trained(M model) {
    return model;
  }

  /** Reads the files, and gives each input to {@code reader}. */
  protected abstract void read(M model, Consumer<I> reader);

  /** Returns the answer to each input. */
  protected abstract List<O> answer(M model, List<I> inputs, Workers workers);

  /** Returns whether there is nothing in an input that the model can read. */
  protected boolean isEmpty(I input) {
    return false;
  }

  /** Returns the answer to an empty input. */
  protected O nothing() {
    throw new IllegalStateException("no input is empty");
  }

  /** Prints an answer for people. */
  protected abstract void print(PrintWriter out, M model, I input, O answer);

  /** Returns an answer for machines. */
  protected abstract Map<String, Object> fields(M model, I input, O answer);

  /** Returns the rows of an answer in a table: what machines read of it. */
  protected List<Map<String, Object>> rows(M model, I input, O answer) {
    return List.of(fields(model, input, answer));
  }

  @Override
  public Integer call() {
    check();
    json.check();
    M model = open();
    try (Workers workers = threads.workers();
        var blocks = new Blocks<I>(given.files(), inputs -> print(model, inputs, workers))) {
      return encoding.reading(
          trained(model),
          () -> {
            read(model, blocks);
            return 0;
          });
    }
  }

  /** Empty inputs have their answers in their places. */
  private List<O> answers(M model, List<I> inputs, Workers workers) {
    List<I> some = inputs.stream().filter(each -> !isEmpty(each)).toList();
    var found = (some.isEmpty() ? List.<O>of() : answer(model, some, workers)).iterator();
    return inputs.stream().map(each -> isEmpty(each) ? nothing() : found.next()).toList();
  }

  private void print(M model, List<I> inputs, Workers workers) {
    PrintWriter out = out();
    List<O> found = answers(model, inputs, workers);
    for (int i = 0; i < inputs.size(); i++) {
      switch (json.form()) {
        case TEXT -> print(out, model, inputs.get(i), found.get(i));
        case CSV -> rows(model, inputs.get(i), found.get(i)).forEach(row -> table.print(out, row));
        case JSON -> JsonLine.print(out, fields(model, inputs.get(i), found.get(i)));
      }
    }
  }
}
