package dev.unroll.interop.export;

import java.util.List;

/**
 * What a layer gives.
 *
 * @param output a⟨t⟩, [steps][batch][outputs]
 * @param ends of each way, its state after the last step of each sequence
 */
record LayerOutput(String output, List<State> ends) {}
