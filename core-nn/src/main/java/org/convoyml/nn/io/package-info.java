/**
 * How parameters are kept: safetensors files, a JSON header and raw numbers that can run no code
 * when they are read. Works on streams; whose file system they come from is the caller's business.
 */
package org.convoyml.nn.io;
