/** Balancing the load of experts: how even it is, how to even it out, where to place experts. */
package dev.tyto.core.balance;
