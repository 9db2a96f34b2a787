package org.convoyml.nn.engine.reference;

/** A layer bound to its inputs, output and parameters. */
interface Operation {
  /**
   * Computes the first {@code examples} of the output.
   *
   * @param training whether batch norm takes the micro-batch's statistics
   */
  void forward(int examples, boolean training);

  /**
   * Adds to the gradients of inputs and parameters, of those that have one, what the gradient of
   * the output implies. Follows a forward pass in training mode with the same number of examples.
   */
  void backward(int examples);
}
