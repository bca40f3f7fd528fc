/** Files of rows: tables of labeled texts and of pairs, CoNLL columns, time series. */
@NullMarked
package dev.unroll.text.table;

import org.jspecify.annotations.NullMarked;
