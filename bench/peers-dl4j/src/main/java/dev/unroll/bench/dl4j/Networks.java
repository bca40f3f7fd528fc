package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * The networks of the cases, with the weights that all contenders share. Workspaces are enabled, as
 * by default. A cache mode would not help: this version's LSTM ignores it and runs its forward
 * steps a second time in each backward pass.
 */
final class Networks {

  private Networks() {}

  /** Returns LSTM layers only. */
  static MultiLayerNetwork layers(Case work) {
    ListBuilder list = new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT).list();
    addLayers(list, work);
    var network = new MultiLayerNetwork(list.build());
    network.init();
    setLayers(network, work, 0);
    return network;
  }

  /**
   * Returns an embedding, LSTM layers and an output layer over the vocabulary.
   *
   * <p>Deeplearning4j sums the losses over the steps and divides only by the sequences of the
   * batch, in the score and, in its updater, in the gradient. So the rate 1/T here is the rate 1 of
   * the mean loss per token.
   *
   * @param output activation of the output layer
   */
  static MultiLayerNetwork languageModel(Case work, Activation output) {
    ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .updater(new Sgd(1.0 / work.steps()))
            .list()
            .validateOutputLayerConfig(false) // it would refuse to let the logits out as they are
            .layer(embedding(work));
    addLayers(list, work);
    list.layer(head(work, output));
    var network = new MultiLayerNetwork(list.build());
    network.init();
    set(network, "0_W", Nd4j.createFromArray(Numbers.parameters(Kind.EMBEDDING, 0, work)));
    setLayers(network, work, 1);
    setHead(network, work);
    return network;
  }

  private static EmbeddingSequenceLayer embedding(Case work) {
    return new EmbeddingSequenceLayer.Builder()
        .nIn(work.vocabulary())
        .nOut(work.units())
        .hasBias(false)
        .activation(Activation.IDENTITY)
        .outputDataFormat(RNNFormat.NCW)
        .build();
  }

  private static void addLayers(ListBuilder list, Case work) {
    for (int i = 0; i < work.layers(); i++) {
      list.layer(
          new LSTM.Builder()
              .nIn(work.units())
              .nOut(work.units())
              .activation(Activation.TANH)
              .gateActivationFunction(Activation.SIGMOID)
              .dataFormat(RNNFormat.NCW)
              .build());
    }
  }

  /** Returns the output layer. The labels are class indices; full one-hot rows cost the same. */
  private static RnnOutputLayer head(Case work, Activation output) {
    return new RnnOutputLayer.Builder(new LossSparseMCXENT())
        .nIn(work.units())
        .nOut(work.vocabulary())
        .activation(output)
        .dataFormat(RNNFormat.NCW)
        .build();
  }

  private static void setLayers(MultiLayerNetwork network, Case work, int first) {
    for (int i = 0; i < work.layers(); i++) {
      String layer = first + i + "_";
      set(network, layer + "W", gates(Kind.INPUT_WEIGHT, i, work));
      set(network, layer + "RW", gates(Kind.RECURRENT_WEIGHT, i, work));
      set(network, layer + "b", gates(Kind.BIAS, i, work));
    }
  }

  private static INDArray gates(Kind kind, int layer, Case work) {
    return Layout.gates(Numbers.parameters(kind, layer, work), work.units());
  }

  private static void setHead(MultiLayerNetwork network, Case work) {
    String layer = work.layers() + 1 + "_";
    float[] weights = Numbers.parameters(Kind.HEAD_WEIGHT, 0, work);
    float[] biases = Numbers.parameters(Kind.HEAD_BIAS, 0, work);
    set(network, layer + "W", Layout.transposed(weights, work.vocabulary()));
    set(network, layer + "b", Layout.transposed(biases, work.vocabulary()));
  }

  private static void set(MultiLayerNetwork network, String name, INDArray values) {
    INDArray parameter = network.getParam(name);
    parameter.assign(values.reshape(parameter.shape()));
  }
}
