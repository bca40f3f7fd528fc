package dev.unroll.cli.report;

import dev.unroll.Trial;
import dev.unroll.file.Numbers;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * How the validations of a task are printed, such as a loss as a perplexity.
 *
 * @param name what a loss is reported as
 * @param ofLoss what it is then
 */
public record Figures(String name, DoubleUnaryOperator ofLoss) {

  /** Tells a loss as it is. */
  public static final Figures LOSS = new Figures("loss", loss -> loss);

  /** Returns a result whose figures are reported so. */
  Trial.Result told(Trial.Result result) {
    if (result.moreIsBetter()) {
      return result;
    }
    List<Double> figures = result.figures().stream().map(ofLoss::applyAsDouble).toList();
    return result.withFigures(figures);
  }

  /** Returns the name of what is reported. */
  String name(Trial.Result result) {
    return result.moreIsBetter() ? result.measure() : name;
  }

  /** Returns what a difference of two means is; of shares, in points of a percent. */
  String gap(Trial.Result result, double gap) {
    return result.moreIsBetter()
        ? Numbers.percent(gap).replace("%", " points")
        : Digits.measure(gap);
  }

  /** Returns what a result is: {@code accuracy 81.23% ± 0.45%}; what is to grow is a share. */
  public String of(Trial.Result result) {
    return name(result) + " " + number(result);
  }

  /** Returns the same without the name. */
  String number(Trial.Result result) {
    Trial.Result told = told(result);
    if (Double.isNaN(told.mean())) {
      return "failed";
    }
    boolean alone = told.figures().size() == 1;
    if (result.moreIsBetter()) {
      String mean = Numbers.percent(told.mean());
      return alone ? mean : mean + " ± " + Numbers.percent(told.deviation());
    }
    return alone ? Digits.measure(told.mean()) : Digits.measure(told.mean(), told.deviation());
  }
}
