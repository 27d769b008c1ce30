/** From logits to a token. */
package dev.tyto.core.sampling;
