package dev.unroll.interop.onnx.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.file.Uninterrupted;
import dev.unroll.interop.tensor.MemoryLimit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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

  /** What protobuf can hold in one message. */
  private static final long LARGEST_FILE = Integer.MAX_VALUE - 8;

  private ModelReader() {}

  /**
   * Reads a model and the files beside it.
   *
   * @throws InputException if it cannot be read, is not valid or goes beyond a limit
   */
  public static ModelGraph read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw InputException.in(file, "is a folder", "Name the model file in it.");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) { // a pipe would be waited for
        throw InputException.in(file, "is not a regular file", "Name a file.");
      }
      return Uninterrupted.call(
          () -> {
            var memory = MemoryLimit.ofHeap();
            byte[] bytes = bytes(file, memory);
            ExternalData external = ExternalData.beside(file);
            return Messages.of(file.toString(), () -> read(bytes, external, memory));
          });
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    }
  }

  private static byte[] bytes(Path file, MemoryLimit memory) throws IOException {
    long size = Files.size(file);
    return Messages.of(
        file.toString(),
        () -> {
          if (size > LARGEST_FILE) {
            throw new InputException(
                "has more than 2 GB", "Export it with its weights in files beside it.");
          }
          memory.take("it", size);
          try {
            return Files.readAllBytes(file);
          } catch (IOException e) {
            throw new InputException(
                "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
          }
        });
  }

  /**
   * Reads a model that has no files beside it, up to the stream's end; the stream stays open.
   *
   * @param name what messages call it
   * @throws InputException as for a file
   */
  public static ModelGraph read(InputStream in, String name) {
    return Messages.of(
        name,
        () -> {
          try {
            byte[] bytes = in.readNBytes((int) LARGEST_FILE);
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
      String domain = domain(each.getDomain());
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

  /** ONNX's own domain has two names. */
  static String domain(String name) {
    return name.equals("ai.onnx") ? "" : name;
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
