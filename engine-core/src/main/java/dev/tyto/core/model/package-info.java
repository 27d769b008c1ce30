/** The forward pass: read {@code Decoder} first, then attention, router, experts. */
package dev.tyto.core.model;
