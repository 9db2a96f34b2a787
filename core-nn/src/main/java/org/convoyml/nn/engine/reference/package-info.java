/**
 * Every layer as plain loops in double precision: the executable definition of what a network
 * computes, the oracle for every other engine, and the fallback where no native code runs. Clarity
 * comes before speed; backward stands directly below forward.
 *
 * <p>Letters: {@code N} examples, {@code C} input channels, {@code H×W} input size, {@code K}
 * output channels, {@code R×S} kernel, {@code P×Q} output size; the lower-case letter is the index.
 * {@code dX} is the gradient of the loss with respect to {@code X}; backward passes add to it,
 * since a layer may have several consumers.
 */
package org.convoyml.nn.engine.reference;
