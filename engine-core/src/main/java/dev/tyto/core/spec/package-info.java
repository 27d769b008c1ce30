/** A model family as data: what the decoder executes. */
package dev.tyto.core.spec;
