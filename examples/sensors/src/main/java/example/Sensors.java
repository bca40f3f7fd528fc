package example;

import dev.unroll.Progress;
import dev.unroll.Unroll;
import dev.unroll.model.Forecaster;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Watches the temperature of a pump, which comes every ten minutes: what is measured should lie
 * where the forecast expected it. The measurements are simulated: warm days, cool nights, noise,
 * and a bearing that begins to run hot.
 */
public final class Sensors {

  private static final int DAY = 144;

  public static void main(String[] args) {
    Forecaster forecaster = train(temperatures(0, 14 * DAY));
    for (var alarm : alarms(forecaster, temperatures(14 * DAY, 3 * DAY))) {
      System.out.println(alarm);
    }
  }

  /** Measurements of the healthy pump; after sixteen days the bearing adds a degree every hour. */
  static double[] temperatures(int from, int count) {
    var random = new Random(from);
    var measured = new double[count];
    for (int i = 0; i < count; i++) {
      int now = from + i;
      measured[i] = 60 + 5 * Math.sin(2 * Math.PI * now / DAY) + 0.3 * random.nextGaussian();
      measured[i] += Math.max(0, now - 16 * DAY) / 6.0;
    }
    return measured;
  }

  /** Learns to forecast the next measurement, and the interval that holds 98 of 100. */
  static Forecaster train(double[] healthy) {
    return Unroll.forecaster()
        .values(healthy)
        .context(36)
        .horizon(1)
        .lstm(32)
        .interval(0.98)
        .epochs(10)
        .listen(Progress.to(System.out::println))
        .train();
  }

  record Alarm(int row, double measured, double low, double high) {

    @Override
    public String toString() {
      return "%s: %.1f degrees, expected %.1f to %.1f".formatted(time(row), measured, low, high);
    }

    private static String time(int row) {
      return "day %d, %02d:%02d".formatted(15 + row / DAY, row % DAY / 6, row % 6 * 10);
    }
  }

  /** Reads measurements one by one; two in a row that lie out of bounds are an alarm. */
  static List<Alarm> alarms(Forecaster forecaster, double[] measurements) {
    var alarms = new ArrayList<Alarm>();
    var stream = forecaster.stream();
    int outside = 0;
    for (int i = 0; i < measurements.length; i++) {
      if (stream.isReady()) {
        var expected = stream.next().rows().getFirst();
        boolean within = expected.low() <= measurements[i] && measurements[i] <= expected.high();
        outside = within ? 0 : outside + 1;
        if (outside == 2) {
          alarms.add(new Alarm(i, measurements[i], expected.low(), expected.high()));
        }
      }
      stream.read(measurements[i]);
    }
    return alarms;
  }
}
