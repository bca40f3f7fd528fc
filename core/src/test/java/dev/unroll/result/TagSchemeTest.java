package dev.unroll.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TagSchemeTest {

  private static final List<String> IOB1 = List.of("I-A", "B-A", "I-A", "I-B", "O", "I-B");
  private static final List<String> IOB2 = List.of("B-A", "B-A", "I-A", "B-B", "O", "B-B");
  private static final List<String> IOBES = List.of("S-A", "B-A", "E-A", "S-B", "O", "S-B");

  @Example
  void eachSchemeWritesTheSameSpansItsOwnWay() {
    for (List<String> tags : List.of(IOB1, IOB2, IOBES)) {
      List<Span> spans = Span.of(tags);
      assertThat(TagScheme.IOB1.tags(spans, 6)).isEqualTo(IOB1);
      assertThat(TagScheme.IOB2.tags(spans, 6)).isEqualTo(IOB2);
      assertThat(TagScheme.IOBES.tags(spans, 6)).isEqualTo(IOBES);
    }
    assertThat(TagScheme.IOB2.tags(Span.of(List.of("I", "I", "O")), 3))
        .containsExactly("B", "I", "O");
  }

  @Property
  void spansAreThoseThatWereWritten(
      @ForAll List<Boolean> begins, @ForAll List<Boolean> types, @ForAll TagScheme scheme) {
    var spans = new ArrayList<Span>();
    int from = 0;
    for (int i = 0; i < Math.min(begins.size(), types.size()); i++) {
      int to = from + 1 + i % 3;
      if (begins.get(i)) {
        spans.add(new Span(types.get(i) ? "A" : "B", from, to));
      }
      from = to;
    }
    assertThat(Span.of(scheme.tags(spans, from))).isEqualTo(spans);
    assertThat(scheme.faults(List.of(scheme.tags(spans, from))).first()).isEmpty();
  }

  @Example
  void mixedSchemesAreFound() {
    assertThat(TagScheme.nearest(List.of(IOB1))).isEqualTo(TagScheme.IOB1);
    assertThat(TagScheme.nearest(List.of(IOB2))).isEqualTo(TagScheme.IOB2);
    assertThat(TagScheme.nearest(List.of(IOBES))).isEqualTo(TagScheme.IOBES);
    assertThat(TagScheme.nearest(List.of(TagScheme.BILOU.tags(Span.of(IOB2), 6))))
        .isEqualTo(TagScheme.BILOU);
    var mixed = List.of(IOB2, IOB2, IOBES);
    assertThat(TagScheme.nearest(mixed)).isEqualTo(TagScheme.IOB2);
    var faults = TagScheme.IOB2.faults(mixed);
    assertThat(faults.first()).isEqualTo(Optional.of(new TagScheme.Fault(2, 0, "B-A")));
    assertThat(faults.count()).isEqualTo(4);
    assertThat(faults.tags()).isEqualTo(15);
    assertThat(faults.mixed()).isTrue();
    assertThat(new TagScheme.Faults(1, 100, Optional.empty()).mixed()).isFalse();
  }

  @Example
  void onlyTagsOfSpansDescribeSpans() {
    assertThat(Span.areDescribedBy(List.of("O", "B-NP", "I-NP"))).isTrue();
    assertThat(Span.areDescribedBy(List.of("O", "B", "I"))).isTrue();
    assertThat(Span.areDescribedBy(List.of("NOUN", "VERB", "X"))).isFalse();
    assertThat(Span.areDescribedBy(List.of("O"))).isFalse();
    assertThat(Span.areDescribedBy(List.of("O", "B-NP", "NOUN"))).isFalse();
  }
}
