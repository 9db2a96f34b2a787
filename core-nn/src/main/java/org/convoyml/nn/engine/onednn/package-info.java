/**
 * The fast engine: oneDNN's primitives through {@code org.bytedeco:dnnl}.
 *
 * <p>{@code GraphCompiler} walks the network once and records primitives on a {@code Tape}, letting
 * oneDNN choose layouts ({@code format_tag::any}) and reordering only where two choices really
 * meet; {@code BufferPlan} gives every tensor a place in one buffer by liveness; the result is a
 * {@code Program} that runs without allocating. This is the only package that may touch {@code
 * org.bytedeco.dnnl} and JNA; nothing may depend on it.
 */
package org.convoyml.nn.engine.onednn;
