package dev.unroll.interop.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.unroll.data.Provenance;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.result.Model;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Puts a graph and what the file says of the model into one message. */
final class FileWriter {

  private final Map<String, String> metadata = new TreeMap<>();
  private final Opset opset;

  FileWriter(Model model, Form form) {
    opset = new Opset(form.opset());
    say("task", model.task().name());
    say("form", form.streaming() ? "streaming" : "whole");
    say("description", Json.write(model.descriptionJson()));
    say("tokenizer", Json.write(model.tokenizerJson()));
    say("parameters", Integer.toString(model.size()));
    say("precision", model.precision().label());
    say("hash", model.fingerprint());
    say("unroll_version", Provenance.VERSION);
  }

  Opset opset() {
    return opset;
  }

  /** Adds an entry of the metadata. */
  FileWriter say(String name, String value) {
    metadata.put(name, value);
    return this;
  }

  /** Adds the texts of all tokens, in the order of their ids. */
  FileWriter vocabulary(String name, Tokenizer tokenizer) {
    var tokens = IntStream.range(0, tokenizer.size()).mapToObj(tokenizer::token).toList();
    return say(name, Json.write(tokens));
  }

  /**
   * Returns the file.
   *
   * @throws dev.unroll.base.InputException if the opset has not all operators
   */
  ModelProto write(GraphWriter g) {
    opset.check();
    var file =
        ModelProto.newBuilder()
            .setIrVersion(opset.fileVersion())
            .setProducerName("unroll")
            .setProducerVersion(Provenance.VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset.version()))
            .setGraph(g.build());
    metadata.forEach(
        (name, value) ->
            file.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(name).setValue(value)));
    return file.build();
  }
}
