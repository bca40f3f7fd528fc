package dev.unroll.spark;

import dev.unroll.model.StreamState;
import dev.unroll.result.Model;
import java.io.Serializable;

/**
 * How a model reads the events of a session.
 *
 * @param <M> the model
 */
interface SessionReading<M extends Model> extends Serializable {

  /** Returns the class of the models. */
  Class<M> kind();

  /** Returns what reads sessions with a model, one after the other, on one thread. */
  Reader reader(M model);

  /** Reads events. */
  interface Reader {

    /** Goes to the beginning of a session. */
    void begin();

    /** Goes to where a session has come. */
    void restore(StreamState state);

    /** Reads an event that is not null, and returns the values of all columns of its answer. */
    Object[] read(Object event);

    /** Returns where the session has come. */
    StreamState state();
  }
}
