package dev.unroll.bench;

import com.sun.management.ThreadMXBean;
import dev.unroll.kernel.Kernels;
import dev.unroll.kernel.Workers;
import dev.unroll.model.LanguageNetwork;
import dev.unroll.model.Network;
import dev.unroll.train.Trainer;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the time of training goes: tokens a second, floating-point operations a second, the share
 * of samples that fall into matrix products (their packing counted apart), and bytes allocated a
 * step, early and late in the run.
 *
 * <p>Run by {@code ./unroll-bench profile}. Ids are random: the arithmetic does not depend on them.
 * The first {@value #WARM_UP} steps are not counted, as the JVM still compiles. Samples are JFR's,
 * 10 ms apart, of running threads only.
 */
final class TrainingProfile {

  private static final int WARM_UP = 60;
  private static final int STEPS = 300;

  private TrainingProfile() {}

  private record Shape(String name, Network network, int vocabulary, int batch, int steps) {}

  /** Measures the shapes one after the other and prints a table. */
  static void run() throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    System.out.println(
        Kernels.description() + ", " + threads + " threads, Java " + Runtime.version());
    System.out.printf(
        Locale.ROOT,
        "%-44s %10s %9s %9s %8s %12s %12s%n",
        "shape",
        "tokens/s",
        "GFLOP/s",
        "products",
        "packing",
        "bytes/step",
        "… later");
    for (Shape shape :
        List.of(
            new Shape(
                "characters, LSTM 512, T 128, B 32",
                Network.lstm(512).withEmbedding(128),
                66,
                32,
                128),
            new Shape(
                "words, LSTM 2×200, T 35, B 20, V 10,000", Network.lstm(200, 200), 10_000, 20, 35),
            new Shape("words, LSTM 256 tied, T 35, B 32, V 8,000", tied(), 8_000, 32, 35))) {
      measure(shape, threads);
    }
  }

  private static Network tied() {
    return Network.lstm(256).withTied(true);
  }

  private static void measure(Shape shape, int threads) throws IOException {
    var network = new LanguageNetwork(shape.network(), shape.vocabulary());
    long tokens = (long) (WARM_UP + STEPS) * shape.batch() * shape.steps();
    var options =
        Training.defaults()
            .withEpochs(1)
            .withBatch(shape.batch(), shape.steps())
            .withThreads(threads);
    var meter = new Meter();
    try (var workers = new Workers(threads);
        var recording = new Recording()) {
      recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
      meter.recording = recording;
      new Trainer(network, options, workers, meter)
          .run(
              RandomIds.ofSize(shape.vocabulary(), tokens),
              RandomIds.ofSize(shape.vocabulary(), 256));
      Path file = Files.createTempFile("unroll", ".jfr");
      recording.dump(file);
      print(shape, network, meter, Samples.read(file));
      Files.delete(file);
    }
  }

  private static void print(Shape shape, LanguageNetwork network, Meter meter, Samples samples) {
    double seconds = (meter.end - meter.start) * 1e-9;
    double speed = (double) STEPS * shape.batch() * shape.steps() / seconds;
    int multiplied = network.size() - (shape.network().tied() ? 0 : embeddingSize(shape));
    System.out.printf(
        Locale.ROOT,
        "%-44s %,10.0f %9.1f %8.1f%% %7.1f%% %,12d %,12d%n",
        shape.name(),
        speed,
        speed * 6.0 * multiplied * 1e-9,
        samples.share(samples.products),
        samples.share(samples.packing),
        (meter.allocatedHalf - meter.allocatedStart) / (STEPS / 2),
        (meter.allocatedEnd - meter.allocatedHalf) / (STEPS / 2));
  }

  /** An embedding is looked up: its parameters cost no multiplication. */
  private static int embeddingSize(Shape shape) {
    return shape.vocabulary() * shape.network().embeddingWidth();
  }

  /** Starts and stops the clock at fixed steps. */
  private static final class Meter implements TrainingListener {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private Recording recording = new Recording();
    private long start;
    private long end;
    private long allocatedStart;
    private long allocatedHalf;
    private long allocatedEnd;

    @Override
    public void onStep(StepReport report) {
      if (report.step() == WARM_UP) {
        allocatedStart = threads.getTotalThreadAllocatedBytes();
        recording.start();
        start = System.nanoTime();
      } else if (report.step() == WARM_UP + STEPS / 2) {
        allocatedHalf = threads.getTotalThreadAllocatedBytes();
      } else if (report.step() == WARM_UP + STEPS) {
        end = System.nanoTime();
        recording.stop();
        allocatedEnd = threads.getTotalThreadAllocatedBytes();
      }
    }
  }

  /** Counts of the profiler's samples. */
  private static final class Samples {
    private int all;
    private int products;
    private int packing;

    static Samples read(Path file) throws IOException {
      var samples = new Samples();
      try (var events = new RecordingFile(file)) {
        while (events.hasMoreEvents()) {
          samples.add(events.readEvent());
        }
      }
      return samples;
    }

    private void add(RecordedEvent event) {
      List<RecordedFrame> frames = event.getStackTrace().getFrames();
      if (frames.stream().noneMatch(frame -> type(frame).startsWith("dev.unroll."))) {
        return;
      }
      if (type(frames.get(0)).endsWith(".Workers")) {
        return; // waiting for the others
      }
      all++;
      if (frames.stream().anyMatch(frame -> type(frame).contains(".kernel.Products"))) {
        products++;
      } else if (frames.stream().anyMatch(frame -> type(frame).endsWith(".PackedMatrix"))) {
        packing++;
      }
    }

    private static String type(RecordedFrame frame) {
      return frame.getMethod().getType().getName();
    }

    double share(int part) {
      return 100.0 * part / Math.max(1, all);
    }
  }
}
