/** Model families: from a typed config.json to a decoder spec. */
package dev.tyto.core.family;
