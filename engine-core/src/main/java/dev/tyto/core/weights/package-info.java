/** From named tensors of a checkpoint to packed weights. */
package dev.tyto.core.weights;
