package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.cell.CellStep;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import org.jspecify.annotations.Nullable;

/**
 * What a cell sees of a layer at one step: some rows of its tape and its weights. Moved from step
 * to step, so that no step allocates one; views that were created are kept until then. For one
 * thread, which lends its team for the columns of products.
 */
final class LayerStep implements CellStep {

  private final LayerParameters parameters;
  private final RecurrentWeights weights;
  private final TapeRows rows;
  private final Workers team;
  private final float[] gradients;
  private int from;
  private int to;
  private @Nullable Matrix z;
  private @Nullable Matrix before;
  private @Nullable Matrix output;
  private @Nullable Matrix memoryBefore;
  private @Nullable Matrix memory;
  private @Nullable Matrix dMemory;

  LayerStep(LayerParameters parameters, RecurrentWeights weights, TapeRows rows, Workers team) {
    this(parameters, weights, rows, team, new float[0]);
  }

  /**
   * Views rows.
   *
   * @param gradients flat gradients, to which those of the cell's own parameters are added
   */
  LayerStep(
      LayerParameters parameters,
      RecurrentWeights weights,
      TapeRows rows,
      Workers team,
      float[] gradients) {
    this.parameters = parameters;
    this.weights = weights;
    this.rows = rows;
    this.team = team;
    this.gradients = gradients;
  }

  /** Views the rows from {@code first} up to {@code end}. */
  LayerStep moveTo(int first, int end) {
    from = first;
    to = end;
    z = null;
    before = null;
    output = null;
    memoryBefore = null;
    memory = null;
    dMemory = null;
    return this;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  @Override
  public Matrix z() {
    Matrix view = z;
    if (view == null) {
      view = rows.gates(from, to);
      z = view;
    }
    return view;
  }

  @Override
  public Matrix z(int product) {
    return z().columns(weights.firstRow(product), weights.endRow(product));
  }

  @Override
  public Matrix gate(int gate) {
    return z().columns(gate * rows.units(), (gate + 1) * rows.units());
  }

  @Override
  public Matrix before() {
    Matrix view = before;
    if (view == null) {
      view = rows.before(from, to);
      before = view;
    }
    return view;
  }

  @Override
  public Matrix output() {
    Matrix view = output;
    if (view == null) {
      view = rows.hidden(from, to);
      output = view;
    }
    return view;
  }

  @Override
  public Matrix memoryBefore() {
    Matrix view = memoryBefore;
    if (view == null) {
      view = rows.memoryBefore(from, to);
      memoryBefore = view;
    }
    return view;
  }

  @Override
  public Matrix memory() {
    Matrix view = memory;
    if (view == null) {
      view = rows.memory(from, to);
      memory = view;
    }
    return view;
  }

  @Override
  public Matrix freshMemory() {
    return rows.freshMemory(from, to);
  }

  @Override
  public Matrix kept(String name) {
    return rows.kept(name, from, to);
  }

  @Override
  public Matrix own(String name) {
    return parameters.own(name).of(weights.values());
  }

  @Override
  public void addProduct(int product, Matrix state, Matrix target) {
    Normalization normalization = parameters.normalization();
    if (normalization == null) {
      Products.multiplyAdd(state, weights.forward(product), target, team);
      return;
    }
    Matrix own = rows.normalizedProduct(product).rows(from, to);
    Products.multiply(state, weights.forward(product), own, team);
    normalization.recurrent(weights.values(), product, rows, from, target);
  }

  @Override
  public Matrix normalizedMemory(Matrix space) {
    Normalization normalization = parameters.normalization();
    if (normalization == null) {
      return memory();
    }
    normalization.memory(weights.values(), rows, from, to, space);
    return space;
  }

  @Override
  public Matrix dOutput() {
    return rows.dHidden(from, to);
  }

  @Override
  public Matrix dMemory() {
    Matrix view = dMemory;
    if (view == null) {
      view = rows.dMemory(from, to);
      dMemory = view;
    }
    return view;
  }

  /** Copies back the gradients of memory cells, where {@link #dMemory} had to copy them. */
  void finishBackward() {
    Matrix view = dMemory;
    if (view != null) {
      rows.scatterMemoryGradients(view, from, to);
    }
  }

  @Override
  public Matrix dBefore() {
    return rows.dBefore(from, to);
  }

  @Override
  public Matrix dKept(String name) {
    return rows.dKept(name, from, to);
  }

  @Override
  public Matrix dNormalizedMemory() {
    return parameters.normalization() == null ? dMemory() : rows.dNormalized(from, to);
  }

  @Override
  public void normalizeMemoryBackward() {
    Normalization normalization = parameters.normalization();
    if (normalization != null) {
      normalization.memoryBackward(weights.values(), rows, from, to, dMemory());
    }
  }

  @Override
  public void productBackward(int product, Matrix dz, Matrix dState) {
    Matrix gradient = productGradient(product, dz);
    Products.multiply(gradient, weights.backward(product), dState, team);
  }

  @Override
  public void addProductBackward(int product, Matrix dz, Matrix dState) {
    Matrix gradient = productGradient(product, dz);
    Products.multiplyAdd(gradient, weights.backward(product), dState, team);
  }

  private Matrix productGradient(int product, Matrix dz) {
    Normalization normalization = parameters.normalization();
    return normalization == null
        ? dz
        : normalization.recurrentBackward(weights.values(), product, rows, from, dz);
  }

  @Override
  public void addOwnGradient(String name, int row, Matrix dy, Matrix x) {
    Slice own = parameters.own(name);
    int target = own.offset() + row * own.columns();
    team.run(
        own.columns(),
        64,
        (first, end) -> {
          for (int r = 0; r < dy.rows(); r++) {
            Rows.addProducts(
                dy.data(),
                dy.row(r) + first,
                x.data(),
                x.row(r) + first,
                gradients,
                target + first,
                end - first);
          }
        });
  }

  @Override
  public void addOwnGradient(String name, Matrix dy) {
    Rows.addColumnSums(dy, gradients, parameters.own(name).offset(), team);
  }

  /** Computes a⟨t⟩ = Wp h⟨t⟩ of the cell's output, where there is a projection. */
  void project() {
    if (rows.outputs() != rows.units()) {
      Matrix projected = rows.output(from, to);
      Products.multiply(output(), weights.projectionForward(), projected, team);
    }
  }

  /** Runs {@link #project} backward: dh = da · Wp. */
  void projectBackward() {
    if (rows.outputs() != rows.units()) {
      Matrix gradient = rows.dOutput(from, to);
      Products.multiply(gradient, weights.projectionBackward(), dOutput(), team);
    }
  }
}
