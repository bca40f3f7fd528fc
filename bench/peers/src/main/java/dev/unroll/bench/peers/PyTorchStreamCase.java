package dev.unroll.bench.peers;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import java.util.Arrays;

/** Bare layers, one sequence, one step at a time. */
final class PyTorchStreamCase implements Contender.Prepared {

  private final NDManager manager;
  private final PyTorchSteps steps;
  private final TorchScript script;
  private final IValue[][] arguments = new IValue[3][];

  PyTorchStreamCase(Case work, NDManager manager) {
    this.manager = manager;
    steps = PyTorchSteps.of(work, manager);
    script =
        TorchScript.compile(
            manager,
            "input: Tensor, " + steps.parameters(),
            "y = input\n" + steps.lines() + "return y");
    int units = work.units();
    float[] x = Numbers.uniform(Kind.INPUT, 0, arguments.length * units, 1);
    for (int row = 0; row < arguments.length; row++) {
      arguments[row] =
          steps.arguments(manager.create(Arrays.copyOfRange(x, row * units, (row + 1) * units)));
    }
  }

  @Override
  public double[] numbers() {
    for (IValue[] row : arguments) {
      script.run(row);
    }
    float[] a = steps.output().toFloatArray();
    return new double[] {Numbers.checkSum(a), Numbers.norm(a)};
  }

  @Override
  public void run() {
    script.run(arguments[0]);
  }

  @Override
  public void close() {
    for (IValue[] row : arguments) {
      Arrays.stream(row).forEach(IValue::close);
    }
    script.close();
    manager.close();
  }
}
