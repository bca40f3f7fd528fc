package dev.unroll.batch;

import java.io.Serializable;

/**
 * A line of a text that is cut elsewhere.
 *
 * @param text the line, without its end
 * @param ids its ids, without {@code <EOS>}
 */
public record CutLine(String text, int[] ids) implements Serializable {}
