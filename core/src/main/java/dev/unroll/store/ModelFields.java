package dev.unroll.store;

import dev.unroll.kernel.Layout;
import java.util.Map;

/** What the model files of one task hold besides parameters and provenance. */
public interface ModelFields {

  /** Returns the task, as files name it. */
  String task();

  /** Returns where the parameters of the network lie, which is built. */
  Layout layout();

  /** Returns the description of the network and what belongs to it, in the order of the file. */
  Map<String, Object> toJson();

  /** Returns how text becomes tokens, as the tokenizer describes itself; empty for none. */
  Map<String, Object> tokenizerJson();
}
