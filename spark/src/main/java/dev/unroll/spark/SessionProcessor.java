package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.model.StateBytes;
import dev.unroll.result.Model;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.StatefulProcessor;
import org.apache.spark.sql.streaming.TTLConfig;
import org.apache.spark.sql.streaming.TimeMode;
import org.apache.spark.sql.streaming.TimerValues;
import org.apache.spark.sql.streaming.ValueState;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** Reads the events of sessions on an executor, and keeps in the state store how far each came. */
final class SessionProcessor<M extends Model> extends StatefulProcessor<String, Row, Row> {

  private static final long serialVersionUID = 1L;

  private final ModelStage.Wanted wanted;
  private final SessionReading<M> reading;
  private final int order;
  private final Kept kept;

  private transient SessionReading.@Nullable Reader reader;
  private transient @Nullable String model;
  private transient @Nullable ValueState<byte[]> state;

  /**
   * How states are kept.
   *
   * @param time since the last event; 0 for ever
   * @param restarts whether a session that another model has read begins anew
   */
  record Kept(Duration time, boolean restarts) implements Serializable {}

  SessionProcessor(ModelStage.Wanted wanted, SessionReading<M> reading, int order, Kept kept) {
    this.wanted = wanted;
    this.reading = reading;
    this.order = order;
    this.kept = kept;
  }

  @Override
  public void init(OutputMode mode, TimeMode time) {
    M open = wanted.model().open(reading.kind());
    reader = reading.reader(open);
    model = open.fingerprint();
    TTLConfig config = kept.time.isZero() ? TTLConfig.NONE() : TTLConfig.apply(kept.time);
    state = getHandle().getValueState("unroll", Encoders.BINARY(), config);
  }

  @Override
  public Iterator<Row> handleInputRows(String session, Iterator<Row> events, TimerValues time) {
    var own = Objects.requireNonNull(reader, "init");
    var store = Objects.requireNonNull(state, "init");
    List<Row> sorted = sorted(events);
    begin(session, store.exists() ? store.get() : null, own);
    var answers = new ArrayList<Row>();
    for (Row event : sorted) {
      Object[] answer = event.isNullAt(wanted.input()) ? null : own.read(event.get(wanted.input()));
      answers.add(Values.joined(event, answer, wanted.outputs(), wanted.schema()));
    }
    store.update(StateBytes.write(own.state(), Objects.requireNonNull(model, "init")));
    return CollectionConverters.asScala(answers.iterator());
  }

  private void begin(String session, byte @Nullable [] before, SessionReading.Reader own) {
    String hash = Objects.requireNonNull(model, "init");
    if (before == null || (kept.restarts && !StateBytes.model(before).equals(hash))) {
      own.begin();
      return;
    }
    try {
      own.restore(StateBytes.read(before, hash));
    } catch (InputException e) {
      throw new InputException(
          "session " + session + ": " + e.problem(),
          e.fix() + " With setRestarts(true) sessions of another model begin anew.");
    }
  }

  /**
   * How a shuffle orders events is not known beforehand: those of one time and input are in the
   * order of their other columns, so that a retry answers alike.
   */
  private List<Row> sorted(Iterator<Row> events) {
    var sorted = new ArrayList<Row>();
    events.foreach(sorted::add);
    sorted.sort(
        Comparator.<Row, Comparable<Object>>comparing(
                row -> orderOf(row), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(row -> String.valueOf(row.get(wanted.input())))
            .thenComparing(SessionProcessor::text));
    return sorted;
  }

  /** All columns of an event; of arrays of bytes what they hold, not where they lie. */
  private static String text(Row row) {
    var columns = new StringJoiner("\u001f");
    for (int i = 0; i < row.length(); i++) {
      Object value = row.get(i);
      columns.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
    }
    return columns.toString();
  }

  @SuppressWarnings("unchecked")
  private @Nullable Comparable<Object> orderOf(Row row) {
    Object value = row.get(order);
    if (value == null || value instanceof Comparable<?>) {
      return (Comparable<Object>) value;
    }
    throw new InputException(
        "events cannot be ordered by a " + value.getClass().getSimpleName(),
        "Name a column of times, numbers or texts by orderCol.");
  }
}
