package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.model.ForecastStream;
import dev.unroll.model.LanguageModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of events, whose sessions go on from batch to batch and from run to run. */
class SessionsTest {

  private static LanguageModel model;
  private static SparkSession session;

  @TempDir Path folder;

  @BeforeAll
  static void begin() {
    model = Streams.model();
    session = Local.session();
    Streams.store().forEach((key, value) -> session.conf().set(key, value));
  }

  @BeforeEach
  void calm() {
    FAILURES.set(0);
  }

  private static UnrollScoreSessions scorer() {
    return new UnrollScoreSessions().setModel(model);
  }

  @Test
  void aSessionGoesOnAfterARestart() throws Exception {
    var streams = new Streams(folder);
    streams.add(2, 12);
    streams.run(scorer().transform(streams.stream(session)));
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
    streams.add(1, 9);
    String saved = folder.resolve("stage").toString();
    scorer().save(saved);
    streams.run(UnrollScoreSessions.load(saved).transform(streams.stream(session)));
    assertThat(streams.written(session)).hasSize(33).isEqualTo(streams.expected(model));
  }

  @Test
  void theExampleRuns() throws Exception {
    var streams = new Streams(folder);
    streams.add(2, 8);
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    SessionExample.start(session, file.toString(), folder.toString()).awaitTermination();
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
  }

  private static final AtomicInteger FAILURES = new AtomicInteger();

  /** Fails in the middle of a batch: some tasks have written their files, and some have not. */
  private static Dataset<Row> failing(Dataset<Row> rows, long time) {
    MapFunction<Row, Row> map =
        row -> {
          if (row.getLong(row.fieldIndex("time")) == time && FAILURES.getAndDecrement() > 0) {
            throw new IllegalStateException("a task fails");
          }
          return row;
        };
    return rows.map(map, Encoders.row(rows.schema()));
  }

  @Test
  void aFileSinkGetsEachRowOnceWhereARunFails() throws Exception {
    var streams = new Streams(folder);
    streams.add(3, 12);
    FAILURES.set(3); // as often as a task is tried
    assertThatThrownBy(() -> streams.run(failing(scorer().transform(streams.stream(session)), 18)))
        .hasStackTraceContaining("a task fails");
    FAILURES.set(0);
    assertThat(streams.written(session)).hasSize(12);
    streams.run(scorer().transform(streams.stream(session)));
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
  }

  @Test
  void aModelThatAnswersRowsAnswersAStream() throws Exception {
    var streams = new Streams(folder);
    streams.add(2, 10);
    FAILURES.set(3);
    Dataset<Row> scored =
        new UnrollScore().setModel(model).setPerplexityCol("").transform(streams.stream(session));
    assertThatThrownBy(() -> streams.run(failing(scored, 15)))
        .hasStackTraceContaining("a task fails");
    FAILURES.set(0);
    streams.run(scored);
    var rows = streams.written(session);
    assertThat(rows).hasSize(20);
    var first = model.score(rows.getFirst().split(",")[2]);
    assertThat(rows.getFirst()).endsWith(first.total() + "," + first.ids().size() + ",null]");
  }

  @Test
  void aSessionExpires() throws Exception {
    // Else a query that looks at the clock runs batches without rows for ever.
    session.conf().set("spark.sql.streaming.noDataMicroBatches.enabled", false);
    var streams = new Streams(folder);
    streams.add(1, 20);
    streams.run(scorer().setTimeToLive(1).transform(streams.stream(session)));
    LockSupport.parkNanos(Duration.ofMillis(1500).toNanos());
    streams.add(1, 20);
    streams.run(scorer().setTimeToLive(1).transform(streams.stream(session)));
    var expected = new ArrayList<>(streams.expected(model, 0, 20));
    expected.addAll(streams.expected(model, 20, 40));
    assertThat(streams.written(session)).isEqualTo(expected);
  }

  @Test
  void anotherModelIsRefusedOrBeginsAnew() throws Exception {
    LanguageModel other =
        Unroll.languageModel().words().stream()
            .lines(List.of("w0 w1", "w1 w2", "w0 w2", "w2 w1 w0", "w1 w1 w2"))
            .lstm(4)
            .epochs(1)
            .train();
    var streams = new Streams(folder);
    streams.add(1, 20);
    streams.run(scorer().transform(streams.stream(session)));
    streams.add(1, 20);
    var changed = new UnrollScoreSessions().setModel(other);
    assertThatThrownBy(() -> streams.run(changed.transform(streams.stream(session))))
        .hasStackTraceContaining("the state is of the model " + model.fingerprint());
    streams.run(changed.setRestarts(true).transform(streams.stream(session)));
    var expected = new ArrayList<>(streams.expected(model, 0, 20));
    expected.addAll(streams.expected(other, 20, 40));
    assertThat(streams.written(session)).isEqualTo(expected);
  }

  @Test
  void aSeriesIsForecastFromWhatItsSessionRead() {
    double[] numbers = IntStream.range(0, 60).mapToDouble(t -> t % 7 + 0.1 * t).toArray();
    var forecaster =
        Unroll.forecaster().values(numbers).context(4).horizon(2).lstm(4).epochs(1).train();
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 16; i++) {
      rows.add(RowFactory.create(i % 2, (long) (15 - i), new Double[] {numbers[i]}));
    }
    var schema =
        new StructType()
            .add("shop", DataTypes.IntegerType)
            .add("day", DataTypes.LongType)
            .add("values", DataTypes.createArrayType(DataTypes.DoubleType));
    var answers =
        new UnrollForecastSessions()
            .setModel(forecaster)
            .setKeyCol("shop")
            .setOrderCol("day")
            .transform(session.createDataFrame(rows, schema))
            .orderBy("shop", "day")
            .collectAsList();
    for (int shop = 0; shop < 2; shop++) {
      ForecastStream stream = forecaster.stream();
      for (int i = 0; i < 8; i++) {
        Row answer = answers.get(8 * shop + i);
        stream.read(numbers[15 - (int) answer.getLong(1)]);
        assertThat(answer.getInt(0)).isEqualTo(shop);
        assertThat(answer.isNullAt(3)).isEqualTo(i < 3);
        assertThat(answer.getLong(5)).isEqualTo(i + 1);
        if (i >= 3) {
          assertThat(answer.getList(3)).isEqualTo(stream.next().points());
        }
      }
    }
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    var streams = new Streams(folder);
    streams.add(1, 1);
    assertThatThrownBy(() -> scorer().setKeyCol("user").transform(streams.stream(session)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column user among [session, time, text]");
    var binary = StructType.fromDDL("session BINARY, time LONG, text STRING");
    assertThatThrownBy(() -> scorer().transformSchema(binary))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("column session is of type binary");
    session.conf().unset("spark.sql.streaming.stateStore.providerClass");
    assertThatThrownBy(() -> scorer().transform(streams.stream(session)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Set spark.sql.streaming.stateStore.providerClass to");
    begin();
  }
}
