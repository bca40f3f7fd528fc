"""Unroll on PySpark: its models and trainers as stages of pyspark.ml.

    from dev.unroll.spark import UnrollClassify, register

    classify = UnrollClassify(inputCol="body").setModelFile("hdfs:///models/queues.safetensors")
    answers = classify.transform(tickets)
    register(spark, {"english": "hdfs:///models/english.safetensors"})

This file is in the jar of unroll-spark: give it to spark-submit with --jars and with --py-files.
Each class wraps the Java class of the same name, in the package of the name of this one, which is
how pyspark.ml finds it when it loads a pipeline.
"""

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaParams


def _param(name, doc, converter):
    return Param(Params._dummy(), name, doc, typeConverter=converter)


def _text(name, doc):
    return _param(name, doc, TypeConverters.toString)


def _whole(name, doc):
    return _param(name, doc, TypeConverters.toInt)


def _number(name, doc):
    return _param(name, doc, TypeConverters.toFloat)


def _flag(name, doc):
    return _param(name, doc, TypeConverters.toBoolean)


class _Stage(JavaParams):
    """A stage whose parameters are set by their names: stage.setParams(inputCol="body")."""

    def _begin(self, **params):
        java_class = type(self).__module__ + "." + type(self).__name__
        self._java_obj = self._new_java_obj(java_class, self.uid)
        self._set(**params)

    def setParams(self, **params):
        """Sets parameters by their names."""
        return self._set(**params)


class _UnrollModel(_Stage, JavaModel, JavaMLWritable, JavaMLReadable):
    """A transformer with a model of Unroll."""

    inputCol = _text("inputCol", "column that the model reads")

    def __init__(self, java_model=None, **params):
        super().__init__(java_model)
        if java_model is None:
            self._begin(**params)

    def setModelFile(self, file):
        """Reads the model of a file, on any file system that Hadoop knows."""
        self._call_java("setModelFile", file)
        return self


class _RowModel(_UnrollModel):
    lookAhead = _whole("lookAhead", "most rows that are read ahead, to be answered side by side")


class UnrollScore(_RowModel):
    """How probable a language model finds texts."""

    logProbabilityCol = _text("logProbabilityCol", "column of the log-probability; empty for none")
    tokensCol = _text("tokensCol", "column of the number of tokens; empty for none")
    perplexityCol = _text("perplexityCol", "column of the perplexity per token; empty for none")


class UnrollClassify(_RowModel):
    """What texts are: their labels, and the probability of every label."""

    predictionCol = _text("predictionCol", "column of the likeliest label; empty for none")
    labelsCol = _text("labelsCol", "column of all labels that are likely enough; empty for none")
    probabilityCol = _text("probabilityCol", "column of the probabilities; empty for none")

    def labels(self):
        """The labels, in the order of the probabilities."""
        return list(self._call_java("labels"))


class UnrollRegress(_RowModel):
    """The number of texts."""

    predictionCol = _text("predictionCol", "column of the number; empty for none")


class UnrollTransduce(_RowModel):
    """What texts become."""

    predictionCol = _text("predictionCol", "column of the likeliest target; empty for none")
    logProbabilityCol = _text("logProbabilityCol", "column of its log-probability; empty for none")


class UnrollRecognize(_RowModel):
    """What is recognized in texts."""

    predictionCol = _text("predictionCol", "column of what was recognized; empty for none")
    scoreCol = _text("scoreCol", "column of its score; empty for none")


class UnrollTag(_RowModel):
    """The tag of each word of a sentence."""

    predictionCol = _text("predictionCol", "column of the tags; empty for none")


class UnrollForecast(_RowModel):
    """How series of numbers continue."""

    predictionCol = _text("predictionCol", "column of the forecast numbers; empty for none")
    quantilesCol = _text("quantilesCol", "column of the quantiles of each step; empty for none")

    def levels(self):
        """The levels of the quantiles."""
        return list(self._call_java("levels"))


class _SessionModel(_UnrollModel):
    """Reads the events of sessions, of a stream or not; a session goes on from batch to batch."""

    keyCol = _text("keyCol", "column that says of which session an event is")
    orderCol = _text("orderCol", "column that orders the events of a session")
    timeToLive = _whole("timeToLive", "seconds for which a session is kept; 0 for ever")
    restarts = _flag("restarts", "whether a session that another model has read begins anew")
    stepsCol = _text("stepsCol", "column of what was read in all; empty for none")


class UnrollScoreSessions(_SessionModel):
    """How probable a language model finds each event of a session, after all before it."""

    logProbabilityCol = _text("logProbabilityCol", "column of the log-probability; empty for none")
    tokensCol = _text("tokensCol", "column of the number of tokens; empty for none")


class UnrollForecastSessions(_SessionModel):
    """How the series of a session continues after each of its events."""

    predictionCol = _text("predictionCol", "column of the forecast numbers; empty for none")
    quantilesCol = _text("quantilesCol", "column of the quantiles of each step; empty for none")

    def levels(self):
        """The levels of the quantiles."""
        return list(self._call_java("levels"))


class UnrollClassifyTrainer(_Stage, JavaEstimator):
    """Trains a classifier on the executors."""

    inputCol = _text("inputCol", "column of the texts")
    labelCol = _text("labelCol", "column of the labels")
    orderCol = _text("orderCol", "column that orders the examples; empty for none")
    units = _whole("units", "units of a GRU that reads both ways")
    epochs = _whole("epochs", "how often the data is read")
    batch = _whole("batch", "examples of a step")
    shards = _whole("shards", "shards of a step, 2 or more")
    rate = _number("rate", "learning rate")
    seed = _whole("seed", "seed of the run")

    def __init__(self, **params):
        super().__init__()
        self._begin(**params)

    def _create_model(self, java_model):
        return UnrollClassify(java_model)


def register(spark, models):
    """Registers unroll_score, unroll_classify … as functions of SQL; models are files by names."""
    functions = spark._jvm.dev.unroll.spark.UnrollFunctions
    files = spark._jvm.java.util.HashMap()
    for name, file in models.items():
        files.put(name, file)
    functions.register(spark._jsparkSession, files)
