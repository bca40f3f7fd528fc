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
 * run after the current step, with a checkpoint; a second one ends the program at once. Before the
 * first step and after the last one the program ends at once, too. In no case a folder is left that
 * holds nothing.
 */
final class StopSignals implements AutoCloseable {

  /** The signals, with the exit statuses that shells give to programs which they end. */
  private static final Map<String, Integer> STATUS = Map.of("HUP", 129, "INT", 130, "TERM", 143);

  private final PrintWriter err;
  private final @Nullable Checkpoints checkpoints;
  private final IntConsumer halt;

  /** Whether SIGTERM may still come from a launcher that got the first signal as well. */
  private boolean launched;

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
    this(err, checkpoints, takes, isLaunched(), Runtime.getRuntime()::halt);
  }

  /** Does the same with another launcher, and another way to end the program. */
  StopSignals(
      PrintWriter err,
      @Nullable Checkpoints checkpoints,
      boolean takes,
      boolean launched,
      IntConsumer halt) {
    this.err = err;
    this.checkpoints = checkpoints;
    this.launched = launched;
    this.halt = halt;
    for (String signal : takes ? STATUS.keySet() : Set.<String>of()) {
      Object previous = Signals.register(signal, () -> received(signal));
      if (previous != null) { // else the system or the JVM keeps it
        before.put(signal, previous);
      }
    }
  }

  /** Returns whether a launcher started this program: each says whether it has a terminal. */
  private static boolean isLaunched() {
    return System.getProperty("unroll.terminal") != null;
  }

  synchronized void received(String signal) {
    if (training && asked == null) {
      asked = signal;
      err.println();
      err.println("stopping after this step; Ctrl-C once more ends at once");
      return;
    }
    if (training && isEcho(signal)) {
      return;
    }
    if (checkpoints != null) {
      checkpoints.close();
    }
    halt.accept(STATUS.getOrDefault(signal, 1));
  }

  /**
   * Returns whether a signal comes with the first one, and says nothing new. The shell and the
   * system send SIGHUP each when a terminal is closed, and systemd may send it after SIGTERM.
   * Launchers pass on what they get as SIGTERM, once; the program may have got the same itself.
   */
  private boolean isEcho(String signal) {
    if (signal.equals("HUP")) {
      return true;
    }
    boolean passedOn = launched && signal.equals("TERM") && !signal.equals(asked);
    launched &= !passedOn;
    return passedOn;
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
