package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Slice;
import dev.unroll.train.Learner.UsedRows;
import dev.unroll.train.optimizer.Optimizer;
import dev.unroll.train.optimizer.Optimizer.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of large matrices that most steps do not use, such as the vectors of rare words. An
 * optimizer with moments changes them in each step all the same. Here a row is left alone until a
 * step uses it, and then catches up with all that it missed: to the same bits, without being
 * fetched from memory in each step.
 */
final class IdleRows {

  /** Steps that a row may miss: the changes of so many are kept. */
  private static final int MOST = 4096;

  /** Rows that one thread brings up to date at a time. */
  private static final int GRAIN = 64;

  /** Matrices of fewer elements are not worth the book-keeping. */
  private static final int FEWEST = 1 << 16;

  private final Optimizer.Update update;
  private final float[] parameters;
  private final float[] gradients;
  private final List<Slice> matrices;

  /** Of each row of each matrix, how many of the changes were made. */
  private final int[][] made;

  private final List<Change> changes = new ArrayList<>();

  /** What the step at work uses. */
  private List<UsedRows> used = List.of();

  /**
   * Prepares for matrices all of whose rows are up to date.
   *
   * @param gradients gradients of all parameters, zeros
   */
  IdleRows(List<Slice> matrices, Optimizer.Update update, float[] parameters, float[] gradients) {
    this.matrices = matrices;
    this.update = update;
    this.parameters = parameters;
    this.gradients = gradients;
    made = matrices.stream().map(each -> new int[each.rows()]).toArray(int[][]::new);
  }

  /** Returns those matrices that are large enough. */
  static List<Slice> worthwhile(List<UsedRows> used) {
    return used.stream().map(UsedRows::matrix).filter(each -> each.size() >= FEWEST).toList();
  }

  /** Returns the matrices, in the order of their places. */
  List<Slice> matrices() {
    return matrices;
  }

  /** Returns what the step at work uses of the matrices. */
  List<UsedRows> used() {
    return used;
  }

  /** Begins a step: its rows are brought up to date, and the gradients of the last are cleared. */
  void begin(List<UsedRows> rows, Workers workers) {
    for (UsedRows last : used) {
      for (int row : last.rows()) {
        Arrays.fill(gradients, last.from(row), last.to(row), 0f);
      }
    }
    used = rows.stream().filter(each -> matrices.contains(each.matrix())).toList();
    for (UsedRows each : used) {
      int[] own = made[matrices.indexOf(each.matrix())];
      workers.run(
          each.rows().length,
          GRAIN,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              catchUp(each.matrix(), own, each.rows()[i]);
            }
          });
    }
  }

  private void catchUp(Slice matrix, int[] own, int row) {
    if (own[row] < changes.size()) {
      int from = matrix.offset() + row * matrix.columns();
      List<Change> missed = changes.subList(own[row], changes.size());
      update.catchUp(parameters, gradients, missed, from, from + matrix.columns());
      own[row] = changes.size();
    }
  }

  /** Makes a change in the rows that the step at work uses; the others miss it. */
  void apply(Change change, Workers workers) {
    changes.add(change);
    for (UsedRows each : used) {
      int[] own = made[matrices.indexOf(each.matrix())];
      workers.run(
          each.rows().length,
          GRAIN,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              int row = each.rows()[i];
              change.apply(parameters, gradients, each.from(row), each.to(row));
              own[row] = changes.size();
            }
          });
    }
    if (changes.size() == MOST) {
      catchUp(workers);
    }
  }

  /** Brings all rows up to date; the gradients of the last step are gone afterwards. */
  void catchUp(Workers workers) {
    begin(List.of(), workers);
    for (int i = 0; i < made.length; i++) {
      Slice matrix = matrices.get(i);
      int[] own = made[i];
      workers.run(
          own.length,
          GRAIN,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              catchUp(matrix, own, row);
            }
          });
      Arrays.fill(own, 0);
    }
    changes.clear();
  }
}
