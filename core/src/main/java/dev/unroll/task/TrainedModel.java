package dev.unroll.task;

import dev.unroll.nn.Slice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A trained network of any task: its weights, where they came from, and its file. */
public interface TrainedModel {

  /** Returns what the model was made from: data, options, seed, version, results. */
  Map<String, Object> provenance();

  /** Returns a copy of all parameters, laid out as {@link #slices} says. */
  float[] parameters();

  /** Returns the names and places of all parameters. */
  List<Slice> slices();

  /** Returns other parameters of the same network, rounded as those of this model are. */
  float[] rounded(float[] others);

  /** Writes the model to one {@code .safetensors} file: beside, synced, then renamed. */
  void save(Path file);
}
