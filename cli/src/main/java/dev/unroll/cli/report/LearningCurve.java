package dev.unroll.cli.report;

import dev.unroll.cli.chart.LineChart;
import dev.unroll.cli.chart.Panel;
import dev.unroll.cli.chart.Picture;
import dev.unroll.learn.ForwardingListener;
import dev.unroll.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Draws losses, and the measure that chooses the model, over the steps of a run. */
public final class LearningCurve extends ForwardingListener {

  private final List<ValidationReport> validations = new ArrayList<>();

  private LearningCurve(TrainingListener next) {
    super(next);
  }

  /**
   * What is written while a model is trained.
   *
   * @param metrics file of the metrics, or null
   * @param plot file of the learning curve, or null
   * @param targets what the losses are counted by
   */
  public record Outputs(@Nullable Path metrics, @Nullable Path plot, Progress.Targets targets) {}

  /**
   * Trains with a metrics file and a drawing of the learning curve, where these are wanted. Of a
   * run that is resumed, the curve begins there.
   */
  public static <T> T watch(
      Outputs outputs,
      TrainingListener listener,
      Function<TrainingListener, T> run,
      PrintWriter err) {
    if (outputs.metrics != null) {
      try (var writer = new MetricsFile(outputs.metrics, listener)) {
        return watch(new Outputs(null, outputs.plot, outputs.targets), writer, run, err);
      }
    }
    if (outputs.plot == null) {
      return run.apply(listener);
    }
    var curve = new LearningCurve(listener);
    T result = run.apply(curve);
    if (curve.validations.isEmpty()) {
      err.println("note: nothing was validated, so that there is no learning curve to draw");
    } else {
      curve.draw(outputs.plot, outputs.targets);
    }
    return result;
  }

  @Override
  public void onValidation(ValidationReport report) {
    validations.add(report);
    super.onValidation(report);
  }

  private void draw(Path file, Progress.Targets targets) {
    var panels = new ArrayList<Panel>();
    ValidationReport kept =
        validations.stream()
            .filter(ValidationReport::improved)
            .reduce((before, after) -> after)
            .orElse(validations.getLast());
    var losses = new LineChart("steps of training", targets.loss());
    add(losses, "training", ValidationReport::trainingLoss);
    add(losses, "validation", ValidationReport::loss);
    var measure = validations.getLast().validation().measure();
    if (measure == null) {
      mark(losses, kept, ValidationReport::loss);
    }
    panels.add(losses);
    if (measure != null) {
      var measures = new LineChart("steps of training", measure.name() + " on the validation part");
      add(measures, measure.name(), LearningCurve::measure);
      mark(measures, kept, LearningCurve::measure);
      panels.add(measures);
    }
    new Picture(title(kept), panels).write(file);
  }

  private static String title(ValidationReport kept) {
    var measure = kept.validation().measure();
    return measure == null
        ? String.format(
            Locale.ROOT, "Validation loss is lowest, %.4f, at step %,d", kept.loss(), kept.step())
        : String.format(
            Locale.ROOT,
            "Validation %s is highest, %.4f, at step %,d",
            measure.name(),
            measure.value(),
            kept.step());
  }

  private static double measure(ValidationReport report) {
    var measure = report.validation().measure();
    return measure == null ? Double.NaN : measure.value();
  }

  private void add(LineChart chart, String name, ToDoubleFunction<ValidationReport> value) {
    double[] steps = validations.stream().mapToDouble(ValidationReport::step).toArray();
    chart.line(name, steps, validations.stream().mapToDouble(value).toArray());
  }

  private static void mark(
      LineChart chart, ValidationReport kept, ToDoubleFunction<ValidationReport> value) {
    if (Double.isFinite(value.applyAsDouble(kept))) {
      chart.point("the model that is kept", (double) kept.step(), value.applyAsDouble(kept));
    }
  }
}
