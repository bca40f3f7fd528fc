package dev.unroll.bench;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Work;
import java.util.ArrayList;
import java.util.List;

/** The shapes that are compared: from small layers to a complete language model. */
final class Cases {

  private static final int[][] STEPS_BATCH_UNITS = {
    {50, 50, 128}, {64, 32, 256}, {128, 64, 512}, {200, 1, 256}
  };

  private static final int[] STREAMED_UNITS = {128, 256, 512, 1024};
  private static final int VOCABULARY = 10_000;

  private Cases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    for (Cell cell : Cell.values()) {
      for (Work work : List.of(Work.TRAIN, Work.FORWARD)) {
        for (int[] shape : STEPS_BATCH_UNITS) {
          cases.add(new Case(work, cell, 1, shape[0], shape[1], shape[2], 0));
        }
        cases.add(new Case(work, cell, 2, 35, 20, 200, VOCABULARY)); // Zaremba et al. 2014, small
      }
      for (int units : STREAMED_UNITS) {
        cases.add(new Case(Work.STREAM, cell, 1, 1, 1, units, 0));
      }
      cases.add(new Case(Work.STREAM, cell, 2, 1, 1, 200, VOCABULARY));
    }
    return cases;
  }
}
