package dev.unroll.interop.onnx.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.tensor.ForeignFiles;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads ONNX models. All that a file says is checked before memory is taken for it; a file can name
 * only files of its own folder.
 */
public final class ModelReader {

  private static final int OLDEST_FORMAT = 3;
  private static final int NEWEST_FORMAT = 13;
  private static final int OLDEST_OPSET = 7;
  private static final int NEWEST_OPSET = 24;

  private ModelReader() {}

  /**
   * Reads a model and the files beside it.
   *
   * @throws InputException if it cannot be read, is not valid or goes beyond a limit
   */
  public static ModelGraph read(Path file) {
    var memory = MemoryLimit.ofHeap();
    return ForeignFiles.read(file, memory, bytes -> read(bytes, ExternalData.beside(file), memory));
  }

  /**
   * Reads a model that has no files beside it, up to the stream's end; the stream stays open.
   *
   * @param name what messages call it
   * @throws InputException as for a file
   */
  public static ModelGraph read(InputStream in, String name) {
    return ForeignFiles.named(
        name,
        () -> {
          try {
            byte[] bytes = in.readNBytes(Shape.MOST_ELEMENTS);
            var memory = MemoryLimit.ofHeap();
            memory.take("it", bytes.length);
            return read(bytes, ExternalData.NONE, memory);
          } catch (IOException e) {
            throw new InputException(
                "cannot be read: " + SafeFiles.reason(e),
                "Give a stream that has the whole model.");
          }
        });
  }

  private static ModelGraph read(byte[] bytes, ExternalData external, MemoryLimit memory) {
    ModelProto model = Messages.parse(bytes, ModelProto.getDefaultInstance(), memory);
    checkFormat(model);
    Map<String, Integer> opsets = opsets(model.getOpsetImportList());
    var functions = Functions.of(model.getFunctionsList());
    Graph graph = new GraphReader(external, memory, functions).read(model.getGraph());
    return new ModelGraph(graph, opsets, origin(model));
  }

  private static void checkFormat(ModelProto model) {
    long format = model.getIrVersion();
    Messages.refuse(!model.hasGraph(), "is not an ONNX model: it has no graph");
    if (format < OLDEST_FORMAT || format > NEWEST_FORMAT) {
      throw new InputException(
          "has version "
              + format
              + " of the ONNX format (ir_version); known are "
              + OLDEST_FORMAT
              + " to "
              + NEWEST_FORMAT,
          "Export the model with another version of ONNX.");
    }
  }

  private static Map<String, Integer> opsets(List<OperatorSetIdProto> imports) {
    var opsets = new HashMap<String, Integer>();
    for (OperatorSetIdProto each : imports) {
      String domain = Functions.domain(each.getDomain());
      long version = each.getVersion();
      boolean known = !domain.isEmpty() || (version >= OLDEST_OPSET && version <= NEWEST_OPSET);
      if (!known || version != (int) version) {
        throw new InputException(
            "uses version "
                + version
                + " of ONNX's operators (opset); known are "
                + OLDEST_OPSET
                + " to "
                + NEWEST_OPSET,
            "Export the model with opset_version=17.");
      }
      Integer other = opsets.put(domain, (int) version);
      Messages.refuse(
          other != null && other != version, "names two versions of the operators of " + domain);
    }
    Messages.refuse(
        !opsets.containsKey(""), "is not whole: it names no version of ONNX's operators (opset)");
    return opsets;
  }

  private static ModelGraph.Origin origin(ModelProto model) {
    var metadata = new HashMap<String, String>();
    for (StringStringEntryProto each : model.getMetadataPropsList()) {
      metadata.put(each.getKey(), each.getValue());
    }
    return new ModelGraph.Origin(
        model.getIrVersion(),
        model.getProducerName(),
        model.getProducerVersion(),
        model.getDomain(),
        model.getModelVersion(),
        model.getDocString(),
        metadata);
  }
}
