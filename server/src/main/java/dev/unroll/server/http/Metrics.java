package dev.unroll.server.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Counters, gauges and histograms in the text format of Prometheus. */
public final class Metrics {

  /** Few enough for each endpoint, model and status: 0.5 ms to 60 s. */
  private static final Duration[] BUCKETS =
      IntStream.of(
              1, 2, 4, 10, 20, 40, 100, 200, 400, 1000, 2000, 4000, 10_000, 20_000, 60_000, 120_000)
          .mapToObj(halves -> Duration.ofNanos(500_000L * halves))
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicInteger running = new AtomicInteger();

  /** Meters by what they measure: to look one up in the registry takes a dozen objects. */
  private final Map<Request, Timer> requests = new ConcurrentHashMap<>();

  private final Map<String, DistributionSummary> batches = new ConcurrentHashMap<>();

  /** What requests have in common that one timer counts. */
  private record Request(String endpoint, String model, int status) {}

  /** Creates metrics of this JVM. */
  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    gauge("unroll.requests.running", "Requests that are being answered.", running::get);
  }

  /** Registers a gauge. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** Counts tokens that a model read or wrote. */
  public void tokens(String model, String kind, long count) {
    Counter.builder("unroll.tokens")
        .description("Tokens that models have read and written.")
        .tag("model", model)
        .tag("kind", kind)
        .register(registry)
        .increment((double) count);
  }

  /** Records the size of a batch. */
  public void batch(String model, int inputs) {
    batches.computeIfAbsent(model, this::batches).record(inputs);
  }

  private DistributionSummary batches(String model) {
    return DistributionSummary.builder("unroll.batch.size")
        .description("Inputs that were computed together.")
        .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256)
        .tag("model", model)
        .register(registry);
  }

  void begin() {
    running.incrementAndGet();
  }

  void end(String endpoint, String model, int status, long nanos) {
    running.decrementAndGet();
    requests
        .computeIfAbsent(new Request(endpoint, model, status), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Request of) {
    return Timer.builder("unroll.request")
        .description("How long requests took, from their headers to the end of the answer.")
        .serviceLevelObjectives(BUCKETS)
        .tag("endpoint", of.endpoint)
        .tag("model", of.model)
        .tag("status", Integer.toString(of.status))
        .register(registry);
  }

  /** Returns how many requests are being answered. */
  public int running() {
    return running.get();
  }

  /** Returns all metrics as text. */
  public byte[] text() {
    return registry.scrape().getBytes(StandardCharsets.UTF_8);
  }
}
