package dev.unroll.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InputExceptionTest {

  @Test
  void optionsInTheFixAreWordedByWhoeverPrintsIt() {
    var problem = new InputException("too few rows", "Make {context} or {valid-share} smaller.");
    assertThat(problem).hasMessage("too few rows\n  Make context or valid share smaller.");
    assertThat(problem.message(key -> "--" + key))
        .isEqualTo("too few rows\n  Make --context or --valid-share smaller.");
  }

  @Test
  void whatTheUserWroteIsLeftAsItIs() {
    var problem = new InputException("no column «{context}» of $1", "Among {A}, {} and $1.");
    assertThat(problem.message(key -> "--" + key))
        .isEqualTo("no column «{context}» of $1\n  Among {A}, {} and $1.");
  }

  @Test
  void aPlaceIsAddedInFront() {
    var problem = new InputException("is wrong", "Add {rate}.").at("a.tsv", 7);
    assertThat(problem.message(key -> "--" + key)).isEqualTo("a.tsv:7: is wrong\n  Add --rate.");
  }
}
