/** MLflow's tracking REST API over the one store of runs, metrics and files (contracts: sdk-v2 §8). */
@NullMarked
package dev.malachite.server.mlflow;

import org.jspecify.annotations.NullMarked;
