package dev.unroll.learn;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.Learner.UsedRows;
import dev.unroll.train.optimizer.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Rows of large matrices that most steps do not use, such as the vectors of rare words. An
 * optimizer with moments changes them in each step all the same. Here a row is left alone until a
 * step uses it, and then catches up with all that it missed: to the same bits, without being
 * fetched from memory in each step.
 */
final class IdleRows {

  /** Steps that a row may miss: so many are kept. */
  private static final int MOST = 4096;

  /** Rows for which a further thread is worthwhile. */
  private static final int GRAIN = 64;

  /** Matrices of fewer elements are not worth the book-keeping. */
  private static final int FEWEST = 1 << 16;

  /**
   * Nor are those of which steps use a larger part than one in so many: to find a row again, and to
   * make up for what it missed, takes as long as changing some 16 rows in their turn.
   */
  private static final int SMALLEST_PART = 24;

  private final Optimizer.Update update;
  private final float[] parameters;
  private final float[] gradients;
  private final List<Slice> matrices;

  /** Of each row of each matrix, how many of the steps were made. */
  private final int[][] made;

  /** The steps since all rows were up to date. */
  private final Optimizer.Missed missed;

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
    missed = update.newMissed();
    made = matrices.stream().map(each -> new int[each.rows()]).toArray(int[][]::new);
  }

  /** Returns those matrices that are large enough for what a step uses of them. */
  static List<Slice> worthwhile(List<UsedRows> used) {
    return used.stream()
        .filter(each -> each.matrix().size() >= FEWEST)
        .filter(each -> each.matrix().rows() >= SMALLEST_PART * each.rows().length)
        .map(UsedRows::matrix)
        .toList();
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
      forEach(each.rows().length, workers, i -> catchUp(each.matrix(), own, each.rows()[i]));
    }
  }

  /**
   * Does some work for each of some rows. Each thread takes every so many of them: rare words,
   * whose rows have missed the most, often have the highest numbers.
   */
  private static void forEach(int rows, Workers workers, IntConsumer work) {
    int parts = Math.min(workers.threads(), (rows + GRAIN - 1) / GRAIN);
    workers.run(
        parts,
        1,
        (from, to) -> {
          for (int part = from; part < to; part++) {
            for (int i = part; i < rows; i += parts) {
              work.accept(i);
            }
          }
        });
  }

  private void catchUp(Slice matrix, int[] own, int row) {
    if (own[row] < missed.count()) {
      int from = matrix.offset() + row * matrix.columns();
      missed.catchUp(own[row], parameters, gradients, from, from + matrix.columns());
      own[row] = missed.count();
    }
  }

  /** Makes a step on the rows that it uses; the others miss it. */
  void apply(Optimizer.Step step, Workers workers) {
    missed.add(step);
    Optimizer.Change change = update.at(step);
    for (UsedRows each : used) {
      int[] own = made[matrices.indexOf(each.matrix())];
      forEach(
          each.rows().length,
          workers,
          i -> {
            int row = each.rows()[i];
            change.apply(parameters, gradients, each.from(row), each.to(row));
            own[row] = missed.count();
          });
    }
    if (missed.count() == MOST) {
      catchUp(workers);
    }
  }

  /** Brings all rows up to date; the gradients of the last step are gone afterwards. */
  void catchUp(Workers workers) {
    begin(List.of(), workers);
    for (int i = 0; i < made.length; i++) {
      Slice matrix = matrices.get(i);
      int[] own = made[i];
      forEach(own.length, workers, row -> catchUp(matrix, own, row));
      Arrays.fill(own, 0);
    }
    missed.clear();
  }
}
