package dev.unroll.spark;

import dev.unroll.result.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

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
   * @param column place of the input in a row
   * @param outputs which values of an answer are wanted, in the order of the new columns
   * @param lookAhead most rows that are read ahead
   */
  record Plan<M extends Model, I>(
      M model, Answering<M, I> answering, int column, int[] outputs, int lookAhead) {

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
      if (!row.isNullAt(plan.column)) {
        I input = plan.answering.input(row.get(plan.column));
        inputs.add(input);
        length += plan.answering.length(input);
      }
    }
    Iterator<Object[]> answers = plan.answer(inputs).iterator();
    for (Row row : some) {
      answered.add(joined(row, row.isNullAt(plan.column) ? null : answers.next()));
    }
  }

  private Row joined(Row row, Object @Nullable [] answer) {
    int before = row.length();
    Object[] values = new Object[before + plan.outputs.length];
    for (int i = 0; i < before; i++) {
      values[i] = row.get(i);
    }
    for (int i = 0; answer != null && i < plan.outputs.length; i++) {
      values[before + i] = Values.ofRow(answer[plan.outputs[i]]);
    }
    return RowFactory.create(values);
  }
}
