/**
 * Random numbers drawn by counter: every value is a pure function of a key and a position, so that
 * no result depends on which worker drew it, in which order, or how often it was tried. Depends on
 * nothing.
 */
package org.convoyml.nn.random;
