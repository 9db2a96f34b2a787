package org.convoyml.nn.engine.onednn;

import org.bytedeco.dnnl.memory;
import org.convoyml.nn.engine.CompileOptions.Mode;

/**
 * What one program is compiled for.
 *
 * @param batch examples in a micro-batch
 * @param mode whether it goes back
 * @param type of activations, and of weights where they meet them
 * @param fuse whether layers may be computed together, so that not every layer's output exists
 */
record ProgramOptions(int batch, Mode mode, memory.data_type type, boolean fuse) {}
