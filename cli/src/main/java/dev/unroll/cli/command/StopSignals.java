package dev.unroll.cli.command;

import dev.unroll.learn.Checkpoints;
import dev.unroll.learn.ForwardingListener;
import dev.unroll.train.TrainingListener;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of Ctrl-C and other signals that end a program while it trains: the first ends the
 * run after the current step, with a checkpoint; the same once more ends the program at once.
 * Before the first step and after the last one the program ends at once, too. In no case a folder
 * is left that holds nothing.
 */
final class StopSignals implements AutoCloseable {

  /** The signals, with the exit statuses that shells give to programs which they end. */
  private static final Map<String, Integer> STATUS = Map.of("HUP", 129, "INT", 130, "TERM", 143);

  private final PrintWriter err;
  private final @Nullable Checkpoints checkpoints;
  private final IntConsumer halt;
  private final Map<String, Object> before = new LinkedHashMap<>();
  private boolean training;
  private @Nullable String asked;

  /**
   * Takes the signals until this is closed.
   *
   * @param checkpoints where the run is kept, or null
   * @param takes whether signals are taken at all
   */
  StopSignals(PrintWriter err, @Nullable Checkpoints checkpoints, boolean takes) {
    this(err, checkpoints, takes, Runtime.getRuntime()::halt);
  }

  /** Does the same with another way to end the program. */
  StopSignals(PrintWriter err, @Nullable Checkpoints checkpoints, boolean takes, IntConsumer halt) {
    this.err = err;
    this.checkpoints = checkpoints;
    this.halt = halt;
    for (String signal : takes ? STATUS.keySet() : Set.<String>of()) {
      Object previous = Signals.register(signal, () -> received(signal));
      if (previous != null) { // else the system or the JVM keeps it
        before.put(signal, previous);
      }
    }
  }

  synchronized void received(String signal) {
    if (training && !signal.equals(asked)) {
      boolean first = asked == null;
      asked = first ? signal : asked;
      if (first) {
        err.println();
        err.println("stopping after this step; Ctrl-C once more ends at once");
      }
      return; // another signal, such as that of a launcher that got the same, is no second one
    }
    if (checkpoints != null) {
      checkpoints.close();
    }
    halt.accept(STATUS.getOrDefault(signal, 1));
  }

  /** Passes everything on to a listener, and stops training once a signal has come. */
  TrainingListener watching(TrainingListener next) {
    synchronized (this) {
      training = true;
    }
    return new ForwardingListener(next) {
      @Override
      public boolean stops() {
        return asked() || super.stops();
      }
    };
  }

  /** Says that training has ended: a signal ends what follows at once. */
  synchronized void end() {
    training = false;
  }

  /** Returns whether a signal has asked training to stop. */
  synchronized boolean asked() {
    return asked != null;
  }

  /** Returns the exit status of a program that a signal ended. */
  synchronized int status() {
    return STATUS.getOrDefault(String.valueOf(asked), 1);
  }

  @Override
  public void close() {
    before.forEach(Signals::unregister);
  }
}
