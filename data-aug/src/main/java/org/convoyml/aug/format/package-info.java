/**
 * What image files say about themselves, read from their bytes without decoding them: format, size,
 * orientation, and whether they are whole. Plain Java; knows no other package of this module.
 */
package org.convoyml.aug.format;
