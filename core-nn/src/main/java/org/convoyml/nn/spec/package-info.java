/**
 * A network as an immutable value: a graph of layer records with shape inference, JSON in and out,
 * and the layout of its one flat parameter vector. It says what is computed, never how; depends on
 * nothing of ours but {@code nn}.
 */
package org.convoyml.nn.spec;
