package dev.unroll.model;

import dev.unroll.task.lm.Drawing;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The pieces of a text that is drawn as it is asked for. For one thread. */
final class Generation implements Iterator<String> {

  private final Drawing drawing;
  private boolean ended;
  private @Nullable String next;

  Generation(Drawing drawing) {
    this.drawing = drawing;
  }

  /** Returns the pieces, each of which is drawn when the stream gets there. */
  Stream<String> pieces() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  @Override
  public boolean hasNext() {
    while (next == null && !ended) {
      ended = !drawing.draw();
      String text = ended ? drawing.rest() : drawing.text();
      next = text.isEmpty() ? null : text;
    }
    return next != null;
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    String text = String.valueOf(next);
    next = null;
    return text;
  }
}
