package dev.unroll.server.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a field of a request or an answer means, and which values it may have. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Field {

  /** What it means. */
  String value();

  /** The smallest number. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The largest number. */
  double max() default Double.POSITIVE_INFINITY;

  /** The most UTF-16 units of a text that no model reads; 0 for the limit of texts. */
  int longest() default 0;

  /** Whether a number may be null in a list, which is read as NaN: it is not known. */
  boolean gaps() default false;

  /** Whether it may stand in the query where the body is no JSON. */
  boolean query() default false;

  /** The texts that are allowed; none for any. */
  String[] oneOf() default {};
}
