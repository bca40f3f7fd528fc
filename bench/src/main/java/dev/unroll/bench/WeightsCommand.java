package dev.unroll.bench;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.kernel.Layout;
import dev.unroll.layer.LayerStream;
import dev.unroll.layer.RecurrentLayer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench weights}: a streaming step with weights in 32, 16 and 8 bits. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Times a streaming step of an LSTM layer with weights in 32, 16 and 8 bits, in turns, on one"
            + " thread.")
final class WeightsCommand implements Callable<Integer> {

  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final long TURN_NANOS = 100_000_000L;

  @Option(
      names = "--units",
      split = ",",
      defaultValue = "128,256,512,1024",
      description = "Widths of the layer. Default: ${DEFAULT-VALUE}.")
  List<Integer> widths = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "21",
      description = "Rounds of a tenth of a second each. Default: ${DEFAULT-VALUE}.")
  int rounds = 21;

  @Override
  public Integer call() {
    System.out.println("LSTM layer as wide as its input, one step of one sequence, 1 thread");
    System.out.printf(
        "%6s  %-9s %9s %10s %10s  %s%n",
        "H", "weights", "size", "median", "best", "times faster than float32 (spread)");
    for (int units : widths) {
      compare(units);
    }
    return 0;
  }

  private void compare(int units) {
    var contenders =
        Arrays.stream(Precision.values())
            .map(kind -> new Contender(kind, step(units, kind), new double[rounds]))
            .toList();
    contenders.forEach(contender -> micros(contender.step, WARM_UP_NANOS));
    for (int round = 0; round < rounds; round++) {
      for (Contender contender : contenders) {
        contender.times[round] = micros(contender.step, TURN_NANOS);
      }
    }
    double[] base = contenders.get(0).times;
    for (Contender contender : contenders) {
      double[] ratios = new double[rounds];
      Arrays.setAll(ratios, round -> base[round] / contender.times[round]);
      Arrays.sort(ratios);
      double[] times = contender.times.clone();
      Arrays.sort(times);
      System.out.printf(
          "%6d  %-9s %6.2f MB %7.1f µs %7.1f µs  %.2f (%.2f to %.2f)%n",
          units,
          contender.precision.label(),
          8e-6 * units * units * bytes(contender.precision),
          times[rounds / 2],
          times[0],
          ratios[rounds / 2],
          ratios[0],
          ratios[rounds - 1]);
    }
  }

  /** A precision, its step, and the time of a step in each round, in µs. */
  private record Contender(Precision precision, Runnable step, double[] times) {}

  private static int bytes(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> 4;
      case BFLOAT16 -> 2;
      case INT8 -> 1;
    };
  }

  private static Runnable step(int units, Precision precision) {
    var layout = new Layout();
    var layer = new RecurrentLayer(new LstmCell(Peepholes.NONE), units, units, "", layout);
    float[] parameters = Numbers.uniform(Kind.INPUT_WEIGHT, 0, layout.size(), 0.05);
    var weights = layer.newWeights(precision);
    weights.packForward(layout.round(parameters, precision), Workers.single());
    var stream = new LayerStream(layer, weights);
    var x = Matrix.of(Numbers.uniform(Kind.INPUT, 0, units, 1), 1, units);
    return () -> stream.step(x);
  }

  /** Returns the mean time of a step, which is repeated for some time. */
  private static double micros(Runnable step, long nanos) {
    long start = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - start < nanos) {
      step.run();
      count++;
    }
    return (System.nanoTime() - start) * 1e-3 / count;
  }
}
