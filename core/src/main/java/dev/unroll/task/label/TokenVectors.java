package dev.unroll.task.label;

import dev.unroll.kernel.Slice;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Vectors of tokens that were trained before, such as those of GloVe, with which training begins.
 *
 * @param rows the vector of each token that has one, by its id; all as wide as the embedding
 * @param frozen whether training leaves these vectors as they are
 */
public record TokenVectors(Map<Integer, float[]> rows, boolean frozen) {

  /** No token has a vector: all begin at random. */
  public static final TokenVectors NONE = new TokenVectors(Map.of(), false);

  /** Copies the map. */
  public TokenVectors {
    rows = new TreeMap<>(rows);
  }

  /** Writes the vectors over those that the embedding begins with. */
  public void copyTo(float[] parameters, Slice embedding) {
    int width = embedding.columns();
    rows.forEach(
        (token, row) ->
            System.arraycopy(row, 0, parameters, embedding.offset() + token * width, width));
  }

  /** Takes the gradients of the vectors away, if they are frozen. */
  public void freeze(float[] gradients, Slice embedding) {
    if (frozen) {
      int width = embedding.columns();
      for (int token : rows.keySet()) {
        int from = embedding.offset() + token * width;
        Arrays.fill(gradients, from, from + width, 0f);
      }
    }
  }
}
