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


class _Scores(Params):
    """Columns of how probable a language model finds what it reads."""

    logProbabilityCol = _text("logProbabilityCol", "column of the log-probability; empty for none")
    tokensCol = _text("tokensCol", "column of the number of tokens; empty for none")


class _TextScores(_Scores):
    """The same of whole texts."""

    perplexityCol = _text("perplexityCol", "column of the perplexity per token; empty for none")


class _Labels(Params):
    """Columns of what texts are."""

    predictionCol = _text("predictionCol", "column of the likeliest label; empty for none")
    labelsCol = _text("labelsCol", "column of all labels that are likely enough; empty for none")
    probabilityCol = _text("probabilityCol", "column of the probabilities; empty for none")


class _Number(Params):
    """The column of a number."""

    predictionCol = _text("predictionCol", "column of the number; empty for none")


class _Targets(Params):
    """Columns of what texts become."""

    predictionCol = _text("predictionCol", "column of the likeliest target; empty for none")
    logProbabilityCol = _text("logProbabilityCol", "column of its log-probability; empty for none")


class _Recognized(Params):
    """Columns of what is recognized."""

    predictionCol = _text("predictionCol", "column of what was recognized; empty for none")
    scoreCol = _text("scoreCol", "column of its score; empty for none")


class _Tags(Params):
    """The column of tags."""

    predictionCol = _text("predictionCol", "column of the tags; empty for none")


class _Forecasts(Params):
    """Columns of how series continue."""

    predictionCol = _text("predictionCol", "column of the forecast numbers; empty for none")
    quantilesCol = _text("quantilesCol", "column of the quantiles of each step; empty for none")


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


class _SessionModel(_UnrollModel):
    """Reads the events of sessions, of a stream or not; a session goes on from batch to batch."""

    keyCol = _text("keyCol", "column that says of which session an event is")
    orderCol = _text("orderCol", "column that orders the events of a session")
    timeToLive = _whole("timeToLive", "seconds for which a session is kept; 0 for ever")
    restarts = _flag("restarts", "whether a session that another model has read begins anew")
    stepsCol = _text("stepsCol", "column of what was read in all; empty for none")


class _ForecastModel(_Forecasts, _UnrollModel):
    """A forecaster, whether it reads rows or sessions."""

    def levels(self):
        """The levels of the quantiles."""
        return list(self._call_java("levels"))


class UnrollScore(_TextScores, _RowModel):
    """How probable a language model finds texts."""


class UnrollClassify(_Labels, _RowModel):
    """What texts are: their labels, and the probability of every label."""

    def labels(self):
        """The labels, in the order of the probabilities."""
        return list(self._call_java("labels"))


class UnrollRegress(_Number, _RowModel):
    """The number of texts."""


class UnrollTransduce(_Targets, _RowModel):
    """What texts become."""


class UnrollRecognize(_Recognized, _RowModel):
    """What is recognized in texts."""


class UnrollTag(_Tags, _RowModel):
    """The tag of each word of a sentence."""


class UnrollForecast(_ForecastModel, _RowModel):
    """How series of numbers continue."""


class UnrollScoreSessions(_Scores, _SessionModel):
    """How probable a language model finds each event of a session, after all before it."""


class UnrollForecastSessions(_ForecastModel, _SessionModel):
    """How the series of a session continues after each of its events."""


class _Trainer(_Stage, JavaEstimator, JavaMLWritable, JavaMLReadable):
    """Trains on the executors; parameters are the options of `unroll … train` in camel case."""

    accumulate = _whole("accumulate", "Batches whose gradients are added up for a step")
    alpha = _number("alpha", "Decay of the mean square of rmsprop")
    averageAfter = _whole(
        "averageAfter", "Average the parameters of all steps once a validation is worse than …")
    batch = _whole("batch", "Sequences read side by side")
    betas = _text("betas", "Decay of the two moments of adam and adamw")
    cell = _text("cell", "lstm, gru, rnn, ind-rnn, min-gru, mgu or another")
    checkpointEvery = _text(
        "checkpointEvery", "Keep the run every N minutes (10m), hours (1h), seconds (90s) or …")
    checkpoints = _text("checkpoints", "Where the run is kept")
    clipNorm = _number("clipNorm", "Scale a gradient down to this norm; 0 for never")
    clipValue = _number("clipValue", "Bound of each element of the gradient; 0 for none")
    decay = _number("decay", "Factor of the schedules plateau and step")
    decayAfter = _whole("decayAfter", "Epochs at the full rate in the step schedule")
    decayEvery = _whole("decayEvery", "Epochs between two decays of the step schedule")
    decayPatience = _whole(
        "decayPatience", "Validations without improvement before the plateau schedule decays")
    dropout = _number("dropout", "Dropout at the input, between layers and at the output")
    embedding = _whole("embedding", "Width of a token's vector")
    epochs = _whole("epochs", "How often the data is read")
    epsilon = _number("epsilon", "Epsilon of all but sgd")
    finalRate = _number("finalRate", "Share of the rate that the schedules cosine and one-cycle end with")
    freeze = _text("freeze", "Do not train these layers, such as embedding,layers.0")
    fromModel = _text("fromModel", "Train a model of the same task further (fine-tuning)")
    gradientPrecision = _text("gradientPrecision", "How shards send their gradients: float32, or bfloat16, which takes …")
    inputDropout = _number("inputDropout", "Another rate at the input")
    layerDropout = _number("layerDropout", "Another rate between layers")
    layerNorm = _flag("layerNorm", "Layer normalization inside the cells")
    layerRates = _text("layerRates", "Multiply the learning rate of layers, such as …")
    learnedStart = _flag("learnedStart", "Learn the state before a sequence, instead of zeros")
    localSteps = _whole("localSteps", "Steps that each shard makes by itself before parameters and moments …")
    momentum = _number("momentum", "Momentum of sgd and rmsprop")
    nesterov = _flag("nesterov", "Nesterov's step of sgd with momentum")
    optimizer = _text("optimizer", "adam, adamw, sgd, rmsprop or adagrad")
    orderCol = _text("orderCol", "column that orders the rows; empty for none")
    outputDropout = _number("outputDropout", "Another rate at the output")
    patience = _whole("patience", "Validations without improvement before training stops; 0")
    preset = _text("preset", "How much training may cost, where no other option says")
    projection = _whole("projection", "Project the output of each LSTM layer to so many values")
    rate = _number("rate", "Learning rate")
    residual = _flag("residual", "Add the input of each layer to its output, where both are equally wide")
    schedule = _text("schedule", "Learning-rate schedule")
    seed = _whole("seed", "Same seed, data and options")
    shards = _whole("shards", "Shards of each batch, whose gradients are computed one by one and …")
    threads = _whole("threads", "Threads; they change no bit of a result")
    unfreezeAfter = _text("unfreezeAfter", "Do not train these layers for the first N epochs, such as …")
    units = _text("units", "Units of each layer, such as 200,200 for two")
    validShare = _number("validShare", "Share of the data for validation, without --valid")
    validateEvery = _whole("validateEvery", "Steps between validations; 0")
    validationIndicatorCol = _text(
        "validationIndicatorCol", "column that is true in rows that choose the best model; empty for a …")
    variational = _flag("variational", "Dropout by one mask per sequence, the same at all its steps, instead …")
    warmup = _whole("warmup", "Steps in which the rate rises from 0")
    weightDecay = _number("weightDecay", "Weight decay")
    weightDropout = _number(
        "weightDropout", "Dropout of recurrent weights for a step of training (DropConnect)")
    wordDropout = _number("wordDropout", "Dropout of whole tokens")
    zoneout = _number("zoneout", "Share of the hidden state that keeps the value of the step before")
    zoneoutMemory = _number("zoneoutMemory", "The same for an LSTM's memory cells")

    def __init__(self, **params):
        super().__init__()
        self._begin(**params)


class _TextTrainer(_Trainer):
    """What a network learns is one of a number of tokens or labels."""

    labelSmoothing = _number("labelSmoothing", "Share of the target that is spread evenly over all tokens or labels")


class UnrollScoreTrainer(_TextScores, _TextTrainer):
    """Trains a language model."""

    activationPenalty = _number(
        "activationPenalty", "Penalty on the last layer's squared outputs (AR; 2 in AWD-LSTM)")
    adaptiveSoftmax = _text("adaptiveSoftmax", "Adaptive softmax")
    backward = _flag("backward", "Read each sentence from its last token to its first")
    checkpointSteps = _whole(
        "checkpointSteps", "Hold the activations of N steps at a time and compute the others …")
    inputCol = _text("inputCol", "column of the texts")
    lowerCase = _flag("lowerCase", "Put all text into lower case")
    minCount = _whole("minCount", "Least occurrences of a token of the vocabulary (for byte-pairs, of a …")
    noNgrams = _flag("noNgrams", "Do not add n-grams to the trained network")
    noPunctuation = _flag(
        "noPunctuation", "Drop punctuation, but not emoji and symbols such as € + = § ° (only …")
    randomSteps = _flag("randomSteps", "Draw the length of each window of a stream")
    reading = _text("reading", "stream (one long text, the state is carried on), sentences (each …")
    resetStates = _number("resetStates", "Share of a stream's windows that begin from the start state, not …")
    sampledSoftmax = _whole(
        "sampledSoftmax", "Let each target compete with N tokens, drawn anew in each step, and …")
    splitSentences = _flag(
        "splitSentences", "Join the lines of each paragraph, as of a book whose lines are …")
    steps = _whole("steps", "Steps that gradients flow back in a stream; a sentence longer than …")
    temporalPenalty = _number(
        "temporalPenalty", "Penalty on the squared change of its outputs from step to step (TAR; …")
    tied = _flag("tied", "Use the embedding's weights for the output too")
    unit = _text("unit", "What a token is")
    vocabulary = _whole("vocabulary", "Most tokens of the vocabulary, <UNK> and <EOS> included")

    def _create_model(self, java_model):
        return UnrollScore(java_model)


class _ExampleTrainer(_Trainer):
    """Learns from rows that may count more or less than others, and may belong to groups."""

    groupCol = _text("groupCol", "column of what rows belong to; empty for none")
    weightCol = _text(
        "weightCol", "column of how much the loss of each row counts; empty for none")


class _LabelTrainer(_TextTrainer, _ExampleTrainer):
    """Trains a network that labels texts or their words."""

    classWeights = _text("classWeights", "How much the loss of each label counts")
    direction = _text("direction", "Which way the layers read")
    freezeVectors = _flag("freezeVectors", "Do not train these vectors")
    longest = _whole("longest", "Learn from the first N tokens of a text or sentence, which bounds …")
    lowerCase = _flag("lowerCase", "One vector for a token in upper and lower case; --spelling still …")
    measure = _text("measure", "What says which model is best, and when training stops (--patience)")
    minCount = _whole("minCount", "Least occurrences of a token that has a vector")
    spelling = _whole("spelling", "Read the characters of each token too, by an LSTM of N units each …")
    spellingEmbedding = _whole("spellingEmbedding", "Width of a character's vector")
    vectors = _text("vectors", "Begin with the vectors of words in a file of GloVe, fastText (text) …")
    vocabulary = _whole("vocabulary", "Most tokens that have a vector, <UNK> and <EOS> included")


class UnrollClassifyTrainer(_Labels, _LabelTrainer):
    """Trains a classifier."""

    inputCol = _text("inputCol", "column of the texts")
    labelCol = _text("labelCol", "column of the labels")
    noNgrams = _flag("noNgrams", "Do not add a regression on n-grams to the trained network")
    noPunctuation = _flag(
        "noPunctuation", "Drop punctuation, but not emoji and symbols such as € + = § ° (only …")
    pooling = _text("pooling", "How a text becomes one vector")
    several = _text("several", "A text may have any number of labels; they stand in the column with …")
    unit = _text("unit", "What a token is")

    def _create_model(self, java_model):
        return UnrollClassify(java_model)


class UnrollTagTrainer(_Tags, _LabelTrainer):
    """Trains a tagger."""

    crf = _flag("crf", "Choose the tags of a sentence together (linear-chain CRF), instead …")
    inputCol = _text("inputCol", "column of the words")
    labelCol = _text("labelCol", "column of their tags")
    scheme = _text("scheme", "Train with tags of another scheme of spans than the files have")

    def _create_model(self, java_model):
        return UnrollTag(java_model)


class UnrollRegressTrainer(_Number, _ExampleTrainer):
    """Trains a model that predicts a number."""

    direction = _text("direction", "Which way the layers read")
    inputCol = _text("inputCol", "column of the texts")
    labelCol = _text("labelCol", "column of the numbers")
    lowerCase = _flag("lowerCase", "Put sources into lower case")
    minCount = _whole("minCount", "Least occurrences of a token (for byte-pairs, of a character)")
    sourceUnit = _text("sourceUnit", "What a token of a source is")
    vocabulary = _whole("vocabulary", "Most tokens of each side, <UNK> and <EOS> included")

    def _create_model(self, java_model):
        return UnrollRegress(java_model)


class UnrollRecognizeTrainer(_Recognized, _Trainer):
    """Trains a recognizer."""

    direction = _text("direction", "Which way the layers read")
    inputCol = _text("inputCol", "column of the sources")
    lowerCase = _flag("lowerCase", "Put sources into lower case")
    minCount = _whole("minCount", "Least occurrences of a token (for byte-pairs, of a character)")
    sourceUnit = _text("sourceUnit", "What a token of a source is")
    targetCol = _text("targetCol", "column of the targets")
    targetUnit = _text("targetUnit", "What a token of a target is")
    vocabulary = _whole("vocabulary", "Most tokens of each side, <UNK> and <EOS> included")

    def _create_model(self, java_model):
        return UnrollRecognize(java_model)


class UnrollTransduceTrainer(_Targets, _TextTrainer):
    """Trains an encoder-decoder."""

    attention = _text("attention", "How each step looks back at the source")
    direction = _text("direction", "Which way the encoder reads")
    encoderUnits = _text("encoderUnits", "Units of each layer of the encoder, of each way it reads")
    inputCol = _text("inputCol", "column of the sources")
    lowerCase = _flag("lowerCase", "Put sources into lower case")
    measure = _text("measure", "What says which model is best")
    minCount = _whole("minCount", "Least occurrences of a token (for byte-pairs, of a character)")
    noCounts = _flag(
        "noCounts", "Do not add joint n-grams or a dictionary to the trained network")
    noInputFeeding = _flag(
        "noInputFeeding", "Do not read again at the next step what attention gave, which is …")
    scheduledSampling = _number(
        "scheduledSampling", "Share of the tokens that the decoder reads which are its own, at the …")
    sourceUnit = _text("sourceUnit", "What a token of a source is")
    targetCol = _text("targetCol", "column of the targets")
    targetUnit = _text("targetUnit", "What a token of a target is")
    tied = _flag("tied", "The head uses the vectors of the target's tokens as its weights")
    vocabulary = _whole("vocabulary", "Most tokens of each side, <UNK> and <EOS> included")

    def _create_model(self, java_model):
        return UnrollTransduce(java_model)


class UnrollForecastTrainer(_Forecasts, _Trainer):
    """Trains a forecaster on a long table."""

    calendar = _text("calendar", "Known columns that are made of the time")
    context = _whole("context", "Rows that are read before a forecast")
    direction = _text("direction", "Which way the layers read the context")
    each = _flag("each", "Read each target alone, all with the same weights and an embedding …")
    gaps = _text("gaps", "What becomes of rows and numbers that are missing")
    head = _text("head", "What is forecast")
    holidays = _text("holidays", "Days on which people do not work, as a known column")
    horizon = _whole("horizon", "Rows that are forecast")
    knownCols = _text("knownCols", "columns whose future is known, with commas between them")
    noShrinkage = _flag("noShrinkage", "Leave forecasts as the network makes them")
    observedCols = _text("observedCols", "columns whose past is read too, with commas between them")
    quantiles = _text("quantiles", "Which quantiles")
    recursive = _flag("recursive", "Forecast a segment at a time and read it in turn, instead of the …")
    relative = _text("relative", "What the targets of a window are taken relative to")
    season = _whole("season", "Rows of a season, for MASE and the seasonal-naive forecast")
    segment = _whole("segment", "Rows that a step of the network reads at once")
    seriesCol = _text("seriesCol", "column of the name of a row's series; empty for one series")
    staticCols = _text("staticCols", "columns that say what a series is, with commas between them")
    targetCol = _text("targetCol", "columns that are forecast, with commas between them")
    timeCol = _text("timeCol", "column of the times; empty for rows that are a step apart")
    timeFormat = _text("timeFormat", "How times are written, such as dd-MM-yyyy HH:mm, epoch-seconds or …")
    timeZone = _text("timeZone", "The zone whose clocks show the times, such as Europe/Berlin")

    def _create_model(self, java_model):
        return UnrollForecast(java_model)


def register(spark, models):
    """Registers unroll_score, unroll_classify … as functions of SQL; models are files by names."""
    functions = spark._jvm.dev.unroll.spark.UnrollFunctions
    files = spark._jvm.java.util.HashMap()
    for name, file in models.items():
        files.put(name, file)
    functions.register(spark._jsparkSession, files)
