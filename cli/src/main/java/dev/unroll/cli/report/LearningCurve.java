package dev.unroll.cli.report;

import dev.unroll.train.ForwardingListener;
import dev.unroll.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.YAxisPosition;

/** Draws losses, and the measure that chooses the model, over the steps of a run. */
public final class LearningCurve extends ForwardingListener {

  private final List<ValidationReport> validations = new ArrayList<>();

  private LearningCurve(TrainingListener next) {
    super(next);
  }

  /**
   * Trains with a metrics file and a drawing of the learning curve, where these are wanted. Of a
   * run that is resumed, the curve begins there.
   */
  public static <T> T watch(
      @Nullable Path metrics,
      @Nullable Path plot,
      TrainingListener listener,
      Function<TrainingListener, T> run,
      PrintWriter err) {
    if (metrics != null) {
      try (var writer = new MetricsFile(metrics, listener)) {
        return watch(null, plot, writer, run, err);
      }
    }
    if (plot == null) {
      return run.apply(listener);
    }
    var curve = new LearningCurve(listener);
    T result = run.apply(curve);
    if (curve.validations.isEmpty()) {
      err.println("note: nothing was validated, so that there is no learning curve to draw");
    } else {
      curve.draw(plot);
    }
    return result;
  }

  @Override
  public void onValidation(ValidationReport report) {
    validations.add(report);
    super.onValidation(report);
  }

  private void draw(Path file) {
    XYChart chart = Charts.empty(new Charts.Titles("Learning curve", "step", "loss"));
    add(chart, "training loss", ValidationReport::trainingLoss, 0);
    add(chart, "validation loss", ValidationReport::loss, 0);
    var measure = validations.getLast().validation().measure();
    if (measure != null) {
      add(chart, measure.name(), LearningCurve::measure, 1);
      chart.setYAxisGroupTitle(1, measure.name());
      chart.getStyler().setYAxisGroupPosition(1, YAxisPosition.Right);
    }
    Charts.write(chart, file);
  }

  private static double measure(ValidationReport report) {
    var measure = report.validation().measure();
    return measure == null ? Double.NaN : measure.value();
  }

  private void add(XYChart chart, String name, ToDoubleFunction<ValidationReport> value, int axis) {
    var shown =
        validations.stream().filter(each -> Double.isFinite(value.applyAsDouble(each))).toList();
    double[] steps = shown.stream().mapToDouble(ValidationReport::step).toArray();
    if (steps.length > 0) {
      chart.addSeries(name, steps, shown.stream().mapToDouble(value).toArray()).setYAxisGroup(axis);
    }
  }
}
