package dev.unroll.bench.peers;

import ai.onnxruntime.OnnxTensor;
import dev.unroll.bench.contender.Case;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps of one sequence. Each state has two buffers: a step reads one and writes the other, the
 * next step swaps them, so that nothing is copied between steps.
 */
final class OnnxSteps {

  private final OnnxSession session;
  private final List<Map<String, OnnxTensor>> inputs;
  private final List<Map<String, OnnxTensor>> outputs;
  private final FloatBuffer[] lastOutput = new FloatBuffer[2];
  private int turn;

  /** Starts at the zero state; the maps hold a step's inputs and outputs other than the states. */
  OnnxSteps(
      Case work,
      OnnxLayers layers,
      OnnxSession session,
      Map<String, OnnxTensor> otherInputs,
      Map<String, OnnxTensor> otherOutputs) {
    this.session = session;
    inputs = List.of(new HashMap<>(otherInputs), new HashMap<>(otherInputs));
    outputs = List.of(new HashMap<>(otherOutputs), new HashMap<>(otherOutputs));
    for (int layer = 0; layer < work.layers(); layer++) {
      String[] before = layers.states("", layer);
      String[] after = layers.states("next_", layer);
      for (int side = 0; side < 2; side++) {
        for (int state = before.length - 1; state >= 0; state--) {
          FloatBuffer memory = OnnxSession.floatMemory(work.units());
          OnnxTensor tensor = session.tensor(memory, 1, 1, work.units());
          inputs.get(side).put(before[state], tensor);
          outputs.get(1 - side).put(after[state], tensor);
          lastOutput[1 - side] = memory; // after the loop: the last layer's a
        }
      }
    }
  }

  void step() {
    session.run(inputs.get(turn), outputs.get(turn));
    turn = 1 - turn;
  }

  /** Returns the state a of the last layer, [H], after at least one step. */
  float[] lastOutput() {
    FloatBuffer memory = lastOutput[1 - turn];
    float[] a = new float[memory.capacity()];
    memory.get(0, a);
    return a;
  }
}
