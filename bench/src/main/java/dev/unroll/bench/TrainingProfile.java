package dev.unroll.bench;

import com.sun.management.ThreadMXBean;
import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.batch.StreamBatches;
import dev.unroll.kernel.Kernels;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.RecurrentLayer;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Sgd;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the time of training goes: tokens per second, floating-point operations per second, the
 * share of samples in products, packing, gates, softmax, update and input, and bytes allocated per
 * step, early and late in the run.
 *
 * <p>Run by {@code ./unroll-bench profile}. Ids are random: the speed does not depend on them. The
 * first {@value #WARM_UP} steps are not counted, since the JVM still compiles. Samples come from
 * JFR, 10 ms apart, of running threads only.
 */
final class TrainingProfile {

  private static final int WARM_UP = 60;
  private static final int STEPS = 300;

  private TrainingProfile() {}

  private record Shape(String name, Network network, int vocabulary, int batch, int steps) {}

  /** Measures the shapes one after another and prints where their time goes. */
  static void run() throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    System.out.println(
        Kernels.description() + ", " + threads + " threads, Java " + Runtime.version());
    System.out.println(
        "For each part: its share of the samples of running threads, as µs per token of the whole.");
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
      var learner =
          new LanguageLearner(
              network,
              RandomIds.ofSize(shape.vocabulary(), tokens),
              RandomIds.ofSize(shape.vocabulary(), 256),
              options);
      new Trainer(learner, options, workers, meter).run();
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
        "%n%s%n  %,.0f tokens/s, %.3f µs per token, %.1f GFLOP/s%n",
        shape.name(),
        speed,
        1e6 / speed,
        speed * 6.0 * multiplied * 1e-9);
    for (Part part : Part.values()) {
      double share = samples.share(part);
      System.out.printf(
          Locale.ROOT, "  %-9s %8.3f µs %5.1f%%%n", part.title, share * 1e6 / speed, 100 * share);
    }
    System.out.printf(
        Locale.ROOT,
        "  %,d bytes allocated per step, later %,d%n",
        (meter.allocatedHalf - meter.allocatedStart) / (STEPS / 2),
        (meter.allocatedEnd - meter.allocatedHalf) / (STEPS / 2));
  }

  /** An embedding is looked up: its parameters are not multiplied. */
  private static int embeddingSize(Shape shape) {
    return shape.vocabulary() * shape.network().embeddingWidth();
  }

  /** Starts and stops the measurement at fixed steps. */
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

  /** The part of training that a sample of a running thread belongs to: the first that matches. */
  private enum Part {
    PRODUCTS("products", Products.class),
    PACKING("packing", PackedMatrix.class),
    GATES("gates", RecurrentLayer.class),
    SOFTMAX("softmax", Softmax.class),
    BIASES("biases", Rows.class),
    UPDATE("update", Sgd.class, Adam.class, Reductions.class),
    INPUT("input", Embedding.class, Batch.class, StreamBatches.class),
    REST("rest");

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // not modified
    private final List<String> types;

    Part(String title, Class<?>... types) {
      this.title = title;
      this.types = Arrays.stream(types).map(Class::getName).toList();
    }

    /** Nested types belong to the part, too. */
    private boolean fits(RecordedFrame frame) {
      String type = frame.getMethod().getType().getName();
      return this == REST
          ? type.startsWith("dev.unroll.")
          : types.stream().anyMatch(type::startsWith);
    }
  }

  /** Counts of the profiler's samples. */
  private static final class Samples {
    private final Map<Part, Integer> counts = new EnumMap<>(Part.class);
    private int all;

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
      if (frames.get(0).getMethod().getType().getName().endsWith(".Workers")) {
        return; // waiting for other threads
      }
      for (Part part : Part.values()) {
        if (frames.stream().anyMatch(part::fits)) {
          counts.merge(part, 1, Integer::sum);
          all++;
          return;
        }
      }
    }

    double share(Part part) {
      return (double) counts.getOrDefault(part, 0) / Math.max(1, all);
    }
  }
}
