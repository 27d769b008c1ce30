/** A model family as data: what the decoder executes. One family, one mapping. */
package dev.tyto.core.spec;
