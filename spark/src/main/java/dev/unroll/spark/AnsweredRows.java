package dev.unroll.spark;

import dev.unroll.result.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/**
 * The rows of a partition, in their order, with the columns of their answers. A bounded number of
 * rows is read ahead, so that the model reads those of like length side by side. A row without an
 * input has no answer.
 */
final class AnsweredRows<I> implements Iterator<Row> {

  /** About how many characters or numbers are read ahead. */
  private static final long MOST_LENGTH = 1 << 20;

  private final Iterator<Row> rows;
  private final Plan<?, I> plan;
  private final Deque<Row> answered = new ArrayDeque<>();

  AnsweredRows(Iterator<Row> rows, Plan<?, I> plan) {
    this.rows = rows;
    this.plan = plan;
  }

  /**
   * How rows are answered.
   *
   * @param model the model
   * @param answering what it answers
   * @param wanted which columns are read and appended
   * @param lookAhead most rows that are read ahead
   */
  record Plan<M extends Model, I>(
      M model, Answering<M, I> answering, ModelStage.Wanted wanted, int lookAhead) {

    List<Object[]> answer(List<I> inputs) {
      return answering.answer(model, inputs);
    }
  }

  @Override
  public boolean hasNext() {
    return !answered.isEmpty() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (answered.isEmpty()) {
      answerSome();
    }
    return answered.removeFirst();
  }

  private void answerSome() {
    var some = new ArrayList<Row>();
    var inputs = new ArrayList<I>();
    long length = 0;
    while (rows.hasNext() && some.size() < plan.lookAhead && length < MOST_LENGTH) {
      Row row = rows.next();
      some.add(row);
      if (!row.isNullAt(plan.wanted.input())) {
        I input = plan.answering.input(row.get(plan.wanted.input()));
        inputs.add(input);
        length += plan.answering.length(input);
      }
    }
    List<Object[]> found = inputs.isEmpty() ? List.of() : plan.answer(inputs);
    Iterator<Object[]> answers = found.iterator();
    for (Row row : some) {
      answered.add(
          Values.joined(
              row,
              row.isNullAt(plan.wanted.input()) ? null : answers.next(),
              plan.wanted.outputs(),
              plan.wanted.schema()));
    }
  }
}
