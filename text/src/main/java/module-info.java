/** Tokenizers, vocabularies, corpora and tables. */
@SuppressWarnings({"module", "requires-automatic"}) // ICU4J and Commons CSV name no module
module dev.unroll.text {
  requires transitive dev.unroll.core;
  requires com.fasterxml.jackson.core;
  requires com.ibm.icu;
  requires org.apache.commons.csv;
  requires org.apache.lucene.core;
  requires static org.jspecify;

  exports dev.unroll.text;
  exports dev.unroll.text.pattern;
  exports dev.unroll.text.baseline to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server;
  exports dev.unroll.text.inspect to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server;
  exports dev.unroll.text.ngram to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server;
  exports dev.unroll.text.table to
      dev.unroll.api,
      dev.unroll.cli,
      dev.unroll.interop,
      dev.unroll.server;

  provides dev.unroll.batch.SeriesFormat with
      dev.unroll.text.table.SeriesReader;
  provides dev.unroll.batch.TokenizerFormat with
      dev.unroll.text.BytePairTokenizer.Format,
      dev.unroll.text.VocabularyTokenizer.Format,
      dev.unroll.text.WordLexicon.Format;
}
