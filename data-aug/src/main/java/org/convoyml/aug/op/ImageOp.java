package org.convoyml.aug.op;

import java.io.Serializable;

/**
 * One random variation of an image, as a value. What it does to an image is a pure function of the
 * image and of the random source it is given.
 *
 * <p>{@code toString} is how a policy writes it, for example {@code rotate(10)}.
 */
public sealed interface ImageOp extends Serializable permits AffineOp {}
