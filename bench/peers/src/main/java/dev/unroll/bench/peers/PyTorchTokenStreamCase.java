package dev.unroll.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * A language model that samples one token after another. The output layer's weights are stored as
 * [H][V]: a product that reads them from front to back takes two thirds of the time of [V][H].
 */
final class PyTorchTokenStreamCase implements Contender.Prepared {

  private static final String PARAMETERS =
      "token: Tensor, embedding: Tensor, head: Tensor, bias: Tensor, logits: Tensor,"
          + " probabilities: Tensor, ";

  private static final String HEAD =
      """
      torch.addmm(bias, torch.unsqueeze(y, 0), head, out=logits)
      return torch.softmax(logits, 1, out=probabilities)
      """;

  private final Case work;
  private final NDManager manager;
  private final TorchScript script;
  private final IValue[] arguments;
  private final NDArray logits;
  private final LongBuffer token;
  private final FloatBuffer probabilities;
  private final TokenDraw tokens;

  PyTorchTokenStreamCase(Case work, NDManager manager) {
    this.work = work;
    this.manager = manager;
    var steps = PyTorchSteps.of(work, manager);
    script =
        TorchScript.compile(
            manager,
            PARAMETERS + steps.parameters(),
            "y = torch.embedding(embedding, token)\n" + steps.lines() + HEAD);
    int vocabulary = work.vocabulary();
    ByteBuffer tokenMemory = direct(Long.BYTES);
    ByteBuffer probabilityMemory = direct(vocabulary * Float.BYTES);
    token = tokenMemory.asLongBuffer();
    probabilities = probabilityMemory.asFloatBuffer();
    tokens = new TokenDraw(vocabulary);
    logits = manager.zeros(new Shape(1, vocabulary));
    var table = new Shape(vocabulary, work.units());
    arguments =
        steps.arguments(
            manager.create(tokenMemory, new Shape(), DataType.INT64),
            manager.create(Numbers.parameters(Kind.EMBEDDING, 0, work), table),
            manager
                .create(Numbers.parameters(Kind.HEAD_WEIGHT, 0, work), table)
                .transpose()
                .duplicate(),
            manager.create(Numbers.parameters(Kind.HEAD_BIAS, 0, work)),
            logits,
            manager.create(probabilityMemory, new Shape(1, vocabulary), DataType.FLOAT32));
  }

  @Override
  public double[] numbers() {
    for (int read : Numbers.tokens(Kind.INPUT_TOKEN, 3, work.vocabulary())) {
      token.put(0, read);
      script.run(arguments);
    }
    float[] scores = logits.toFloatArray();
    return new double[] {Numbers.checkSum(scores), Numbers.norm(scores)};
  }

  @Override
  public void run() {
    script.run(arguments);
    token.put(0, tokens.draw(probabilities));
  }

  @Override
  public void close() {
    Arrays.stream(arguments).forEach(IValue::close);
    script.close();
    manager.close();
  }

  /** Returns memory that PyTorch and Java share; an array created on it does not copy it. */
  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
