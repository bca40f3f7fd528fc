/**
 * The recurrent engine: kernels, cells, networks, training and the models of every task.
 *
 * <p>The packages exported to everyone are those that programs need to use models: models and their
 * results, descriptions of networks and of training, interfaces for your own data and cells. The
 * rest is exported to the other modules of Unroll.
 *
 * <p>On the module path the Vector API is resolved with this module, without a flag. On the class
 * path, where it needs one, Unroll also runs without it.
 */
@SuppressWarnings("module") // the modules that use this one are not there when it is compiled
module dev.unroll.core {
  requires java.management;
  requires jdk.incubator.vector;
  requires static org.jspecify;

  exports dev.unroll.base;
  exports dev.unroll.cell;
  exports dev.unroll.data;
  exports dev.unroll.model;
  exports dev.unroll.network;
  exports dev.unroll.result;
  exports dev.unroll.train;
  exports dev.unroll.train.optimizer;
  exports dev.unroll.batch to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.cells to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.file to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.head to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.kernel to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.layer to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.learn to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.measure to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.ngram to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.primitive to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.stack to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.store to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.task to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.task.forecast to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.task.label to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.task.lm to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.task.recognize to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.task.regress to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.task.transduce to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;
  exports dev.unroll.tasks to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server,
      dev.unroll.text;

  uses dev.unroll.batch.SeriesFormat;
  uses dev.unroll.batch.TokenizerFormat;
}
