package dev.unroll.spark;

import dev.unroll.Unroll;
import dev.unroll.kernel.Softmax;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.LanguageStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/** Events of sessions in files, one file a batch, and what a model says of them on one machine. */
final class Streams {

  private static final String SCHEMA = "session STRING, time LONG, text STRING";
  private static final int SESSIONS = 5;
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder;
  private final List<Event> events = new ArrayList<>();
  private final Random random = new Random(8);

  /** An event. */
  record Event(String session, long time, String text) {}

  Streams(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(in());
  }

  private Path in() {
    return folder.resolve("in");
  }

  /** Adds files of events; within a file they stand in any order. */
  void add(int files, int eventsOfFile) throws IOException {
    for (int file = 0; file < files; file++) {
      var lines = new ArrayList<String>();
      for (int i = 0; i < eventsOfFile; i++) {
        int words = 1 + random.nextInt(5);
        String text =
            String.join(
                " ", IntStream.range(0, words).mapToObj(w -> "w" + random.nextInt(7)).toList());
        var event = new Event("s" + random.nextInt(SESSIONS), events.size(), text);
        events.add(event);
        lines.add(
            random.nextInt(lines.size() + 1),
            "{\"session\":\"%s\",\"time\":%d,\"text\":\"%s\"}"
                .formatted(event.session, event.time, event.text));
      }
      Path part = folder.resolve("part");
      Files.write(part, lines);
      // The source reads files by their age.
      Files.setLastModifiedTime(part, FileTime.from(EPOCH.plusSeconds(events.size())));
      Files.move(part, in().resolve("events-%05d.json".formatted(events.size())));
    }
  }

  static LanguageModel model() {
    return Unroll.languageModel().words().stream()
        .lines(List.of("w0 w1 w2", "w3 w4 w5 w6", "w1 w3 w5", "w0 w2 w4 w6"))
        .lstm(6, 5)
        .training(usual -> usual.withBatch(2, 3))
        .epochs(2)
        .train();
  }

  /** Returns all events so far as a stream. */
  Dataset<Row> stream(SparkSession session) {
    return session
        .readStream()
        .schema(SCHEMA)
        .option("maxFilesPerTrigger", 1)
        .json(in().toString())
        .repartition(2);
  }

  /** Writes all answers to files that are not there yet, from where the last time ended. */
  void run(Dataset<Row> answers) throws Exception {
    answers
        .writeStream()
        .format("json")
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .option("path", folder.resolve("out").toString())
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
  }

  /** Returns the rows that were written, as texts, in the order of their times. */
  List<String> written(SparkSession session) {
    return session
        .read()
        .schema(SCHEMA + ", logProbability DOUBLE, tokens INT, steps LONG")
        .json(folder.resolve("out").toString())
        .orderBy("time")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  /** Returns what must be written: the text of each session is read as one. */
  List<String> expected(LanguageModel model) {
    return expected(model, 0, events.size());
  }

  /** The same for some events, whose sessions begin with them. */
  List<String> expected(LanguageModel model, int from, int to) {
    var sessions = new HashMap<String, Session>();
    return events.subList(from, to).stream()
        .map(
            event ->
                sessions.computeIfAbsent(event.session, fresh -> new Session(model)).read(event))
        .toList();
  }

  int size() {
    return events.size();
  }

  private static final class Session {
    private final LanguageModel model;
    private final LanguageStream stream;
    private long steps;

    Session(LanguageModel model) {
      this.model = model;
      stream = model.stream();
    }

    String read(Event event) {
      double total = 0;
      int[] ids = model.promptIds(event.text);
      for (int id : ids) {
        float[] logits = stream.logits();
        total += logits[id] - Softmax.logSumExp(logits, 0, logits.length);
        stream.read(id);
      }
      steps += ids.length;
      return "[%s,%d,%s,%s,%d,%d]"
          .formatted(event.session, event.time, event.text, total, ids.length, steps);
    }
  }

  /** Returns what a session needs of Spark's configuration. */
  static Map<String, String> store() {
    return Map.of("spark.sql.streaming.stateStore.providerClass", SessionTransformer.STORE);
  }
}
