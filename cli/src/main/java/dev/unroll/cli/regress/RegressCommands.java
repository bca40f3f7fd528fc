package dev.unroll.cli.regress;

import dev.unroll.RegressorTrainer;
import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.SourceReader;
import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.command.PredictCommand;
import dev.unroll.cli.command.TaskCommands;
import dev.unroll.cli.command.TrainCommand;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.AsideOptions;
import dev.unroll.cli.option.BaselineOptions;
import dev.unroll.cli.option.DirectionOption;
import dev.unroll.cli.option.KeepColumnsOption;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.SourceUnits;
import dev.unroll.cli.option.TextColumns;
import dev.unroll.cli.report.Digits;
import dev.unroll.cli.report.Figures;
import dev.unroll.cli.report.Progress;
import dev.unroll.cli.report.Report;
import dev.unroll.data.Provenance;
import dev.unroll.model.Regressor;
import dev.unroll.network.Network;
import dev.unroll.result.RegressionScore;
import dev.unroll.task.Defaults;
import dev.unroll.task.regress.LinearBaseline;
import dev.unroll.task.regress.RegressorFields;
import dev.unroll.task.regress.RegressorRun;
import dev.unroll.task.regress.RegressorRun.Example;
import dev.unroll.text.Lines;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.inspect.TextForm;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of regression: a number of a text, or of a sequence of numbers. */
@NullMarked // the only class of its package
public final class RegressCommands {

  public static final TaskCommands REGRESS =
      new TaskCommands(
              "regress", "Predicts a number from a text or a sequence of numbers.", Train::new)
          .with("eval", Eval::new)
          .with("predict", Predict::new)
          .with("baseline", Baseline::new);

  private RegressCommands() {}

  /** Which columns of a table are read. */
  @KeptInModel
  static final class Columns {

    @Mixin private TextColumns texts = new TextColumns();

    @Option(
        names = "--value",
        paramLabel = "COLUMN",
        description =
            "Column of the values, like --text. Default: value, or what is found; or as in training.")
    @Nullable String value;

    /** Returns what becomes of symbolic links in folders. */
    Lines.Links links() {
      return texts.links();
    }

    /** Returns what reads files, and says what it finds in them. */
    TextReading reading(TextTable table, PrintWriter notes) {
      return texts.reading(table, notes).answers(TextTable.Answers.ONE);
    }

    /** Returns the table as asked for, else as a model says it was trained. */
    TextTable table(Provenance model) {
      return texts.table("value", value, TextTable.ofValues(model));
    }

    /** Reads sources with their values, each of which {@code checker} sees. */
    static List<Example> examples(TextReading reading, List<Path> files, Consumer<String> checker) {
      return TextReading.numbers(reading.rows(files, true)).stream()
          .map(
              row ->
                  row.read(
                      own -> {
                        checker.accept(own.text());
                        return Example.of(own.text(), own.labels().getFirst())
                            .with(own.known().weight(), own.known().group());
                      }))
          .toList();
    }
  }

  /** {@code unroll regress train}: sources with values in, model file out. */
  @Command(
      name = "train",
      description = "Trains a network that predicts a number, and writes it to one file.",
      footer = {
        "",
        "Data: .csv, .tsv or .jsonl files with columns such as value and text. With --source-unit",
        "numbers, spaces separate the steps of a text and commas the numbers of a step, such as",
        "0.12,1 0.4,0; each column is standardized.",
        "Examples:",
        "  unroll regress train reviews.csv --value stars -o stars.safetensors",
        "  unroll regress train sensors.tsv --source-unit numbers -o sensors.safetensors",
      })
  static final class Train
      extends TrainCommand<RegressorFields, RegressorRun, Regressor, RegressorTrainer> {

    @Parameters(
        paramLabel = "FILE",
        arity = "1..*",
        description = "Texts with values (.gz too), or - for standard input.")
    List<Path> files = List.of();

    @Mixin Columns columns = new Columns();
    @Mixin AsideOptions aside = new AsideOptions();
    @Mixin SourceUnits units = new SourceUnits();
    @Mixin DirectionOption direction = new DirectionOption();

    @Override
    protected Defaults defaults() {
      return RegressorRun.DEFAULTS;
    }

    @Override
    protected Set<String> unused() {
      return Set.of("--label-smoothing");
    }

    @Override
    protected List<Path> files() {
      return files;
    }

    @Override
    public Progress.Targets targets() {
      return Progress.Targets.of(Regressor.TASK);
    }

    @Override
    protected Regressor open(Path model) {
      return Regressor.open(model);
    }

    @Override
    protected RegressorTrainer trainer() {
      return Unroll.regressor();
    }

    @Override
    protected boolean readsNumbers(Regressor model) {
      return model.source().tokens() == null;
    }

    @Override
    protected Map<String, Object> shape(Regressor model) {
      Network own = model.network().description().network();
      Map<String, Object> shape = NetworkOptions.shape(own, !readsNumbers(model));
      shape.put("--direction", DirectionOption.label(own));
      SourceUnits.describe(model.source().tokens(), shape);
      return shape;
    }

    @Override
    protected void shape(RegressorTrainer trainer) {
      if (units.numbers()) {
        trainer.numbers();
      }
      if (units.numbers()) {
        network.checkNoTokens("where sources are numbers");
      }
      trainer.network(
          usual -> network.ofSources(units.numbers(), usual).withDirection(direction.direction()));
    }

    @Override
    protected void data(RegressorTrainer trainer) {
      Regressor model = parent();
      trainer
          .tokens(units.tokens(model == null ? null : model.source().tokens()))
          .table(
              columns
                  .table(model == null ? Provenance.NONE : model.provenance())
                  .withAside(aside.aside()))
          .links(columns.links())
          .notes(TextColumns.notes(notes()), TextColumns.OPTION)
          .files(files.toArray(Path[]::new))
          .validation(running.valid().toArray(Path[]::new));
    }

    @Override
    protected String reached(RegressorRun run, Provenance model) {
      return String.format(Locale.ROOT, "RMSE %.4g", run.rmse(model.validationLoss()));
    }

    @Override
    protected Figures figures(RegressorRun run) {
      return new Figures("RMSE", run::rmse);
    }

    @Override
    protected List<String> next(RegressorRun run, Path model) {
      return List.of(
          "unroll regress predict %s FILE   or   unroll regress eval %s FILE"
              .formatted(model, model));
    }
  }

  /** {@code unroll regress eval}: how near a model comes to known values. */
  @Command(
      name = "eval",
      description =
          "Evaluates a regressor: MAE, RMSE, R² and MSE, next to those of the mean of the training part.",
      footer = {
        "",
        "R² is 1 - MSE / variance of the values, and undefined if all values are the same.",
        "Example:  unroll regress eval stars.safetensors test.csv",
      })
  static final class Eval extends EvalCommand<Regressor, Measured> {

    @Mixin ModelAndFiles given = new ModelAndFiles();
    @Mixin Columns columns = new Columns();

    @Override
    protected Regressor open() {
      return Regressor.open(given.model());
    }

    @Override
    protected Measured measure(Regressor regressor, Workers workers) {
      TextReading table = columns.reading(columns.table(regressor.provenance()), err());
      return new Measured(
          "model",
          regressor.evaluate(Columns.examples(table, given.files(), regressor::check), workers));
    }
  }

  /**
   * How near values come to known ones, for people and for machines.
   *
   * @param name what says the values
   */
  record Measured(String name, Regressor.Report report) implements Report {

    @Override
    public void print(PrintWriter out) {
      RegressionScore own = report.score();
      RegressionScore mean = report.baseline();
      out.println("%-6s %12s %12s".formatted("", name, "mean"));
      print(out, "MAE", own.mae(), mean.mae());
      print(out, "RMSE", own.rmse(), mean.rmse());
      print(out, "R²", own.r2(), mean.r2());
      print(out, "MSE", own.mse(), mean.mse());
      out.println(
          "%,d texts; mean: what the mean of the training part reaches".formatted(own.count()));
    }

    private static void print(PrintWriter out, String name, double own, double mean) {
      out.println("%-6s %12s %12s".formatted(name, text(own), text(mean)));
    }

    private static String text(double value) {
      return Double.isNaN(value) ? "undefined" : String.format(Locale.ROOT, "%.5g", value);
    }

    @Override
    public Map<String, Object> fields() {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("texts", report.score().count());
      fields.putAll(fields(report.score()));
      fields.put("baseline", fields(report.baseline()));
      return fields;
    }

    private static Map<String, Object> fields(RegressionScore score) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("mae", score.mae());
      fields.put("rmse", score.rmse());
      fields.put("r2", Double.isNaN(score.r2()) ? null : score.r2());
      fields.put("mse", score.mse());
      return fields;
    }
  }

  /** {@code unroll regress predict}: the values of texts. */
  @Command(
      name = "predict",
      description = "Prints the value of each text, one per line, in input order.",
      footer = {
        "",
        "A text is a line, or in .csv and .tsv files the field of the text column; other columns are not",
        "read.",
        "Example:  echo 'Not bad at all.' | unroll regress predict stars.safetensors -",
      })
  static final class Predict extends PredictCommand<Regressor, TextTable.Row, Double> {

    @Mixin Columns columns = new Columns();
    @Mixin KeepColumnsOption keep = new KeepColumnsOption();

    @Override
    protected void check() {
      keep.check(json);
      if (columns.value != null) {
        throw new InputException(
            "--value does nothing where values are predicted", "Leave it out.");
      }
    }

    @Override
    protected Regressor open() {
      return Regressor.open(given.model());
    }

    @Override
    protected void read(Regressor regressor, Consumer<TextTable.Row> reader) {
      TextReading reading = columns.reading(columns.table(regressor.provenance()), err());
      (keep.asked() ? reading.keepingColumns() : reading)
          .forEach(
              given.files(),
              row ->
                  reader.accept(
                      row.read(
                          own -> {
                            if (!isEmpty(own)) {
                              regressor.check(own.text());
                            }
                            return own;
                          })));
    }

    @Override
    protected List<Double> answer(Regressor regressor, List<TextTable.Row> rows, Workers workers) {
      return regressor.predict(rows.stream().map(TextTable.Row::text).toList(), workers);
    }

    @Override
    protected boolean isEmpty(TextTable.Row row) {
      return row.text().isBlank();
    }

    @Override
    protected Double nothing() {
      return Double.NaN; // printed as nothing, in JSON as null
    }

    @Override
    protected void print(PrintWriter out, Regressor regressor, TextTable.Row row, Double value) {
      out.println(
          value.isNaN() ? "" : Digits.of(value, regressor.scaling().deviations().getFirst()));
    }

    @Override
    protected Map<String, Object> fields(Regressor regressor, TextTable.Row row, Double value) {
      return keep.fields(row.known().columns(), row.text(), Map.of("value", value));
    }
  }

  /** {@code unroll regress baseline}: what a linear model reaches. */
  @Command(
      name = "baseline",
      description = "Evaluates linear (ridge) regression, the baseline that a network has to beat.",
      footer = {
        "",
        "It reads words and pairs of words, or n-grams of up to 4 characters; of numbers the mean, first,",
        "last, smallest and largest value of each column.",
        "Example:  unroll regress baseline reviews.csv --value stars --test more.csv",
      })
  static final class Baseline extends UnrollCommand {

    @Mixin BaselineOptions given = new BaselineOptions();
    @Mixin Columns columns = new Columns();
    @Mixin SourceUnits units = new SourceUnits();

    @Override
    public Integer call() {
      given.checkTests();
      TextReading reading = columns.reading(columns.table(Provenance.NONE), err());
      List<Example> training = Columns.examples(reading, given.files(), text -> {});
      var sources = training.stream().map(Example::source).toList();
      SourceReader source =
          units.numbers()
              ? SourceReader.ofNumbers(sources)
              : SourceReader.ofText(tokens(sources).tokenizer(null, sources));
      List<Example> tests = Columns.examples(reading, given.tests(), source::check);
      var linear = new LinearBaseline(training, source);
      double[] right = tests.stream().mapToDouble(Example::value).toArray();
      double[] mean = new double[right.length];
      Arrays.fill(mean, training.stream().mapToDouble(Example::value).average().orElse(0));
      double[] found = tests.stream().mapToDouble(linear::predict).toArray();
      var report =
          new Regressor.Report(RegressionScore.of(right, found), RegressionScore.of(right, mean));
      new Measured("linear", report).print(out(), given.form());
      return 0;
    }

    private TokenOptions tokens(List<String> sources) {
      TokenOptions asked = units.tokens(null);
      return asked.open() ? asked.withUnit(TextForm.of(sources).toRead().unit()) : asked;
    }
  }
}
