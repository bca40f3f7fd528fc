package dev.unroll.store;

import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import java.util.List;
import java.util.Map;

/** What the model files of one task hold besides parameters and provenance. */
public interface ModelFields {

  /** Returns the task, as files name it. */
  String task();

  /** Returns where the parameters of the network lie, which is built. */
  Layout layout();

  /** Returns the places of the parameters with which another training may begin; usually of all. */
  default List<Slice> trained() {
    return layout().slices();
  }

  /** Returns the description of the network and what belongs to it, in the order of the file. */
  Map<String, Object> toJson();

  /** Returns how text becomes tokens, as the tokenizer describes itself; empty for none. */
  Map<String, Object> tokenizerJson();
}
