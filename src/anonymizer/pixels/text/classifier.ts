import { FEATURES } from './features.ts';
import { HIDDEN, WEIGHTS } from './weights.ts';

let weights: Float64Array | undefined;

/** How likely a row of strokes is text, from 0 to 1: two layers of a small network over its features. */
export function textLikelihood(features: Float64Array): number {
  weights ??= Float64Array.from(WEIGHTS.trim().split(/\s+/), Number);
  return likelihoodWith(weights, features, HIDDEN);
}

/** @param values for each hidden unit the weights of the features and a bias; then a weight for each unit and a bias */
export function likelihoodWith(values: Float64Array, features: Float64Array, hidden: number): number {
  let out = values[hidden * (FEATURES + 1) + hidden];
  for (let unit = 0; unit < hidden; unit++) {
    const at = unit * (FEATURES + 1);
    let sum = values[at + FEATURES];
    for (let i = 0; i < FEATURES; i++) sum += values[at + i] * features[i];
    if (sum > 0) out += sum * values[hidden * (FEATURES + 1) + unit];
  }
  return 1 / (1 + Math.exp(-out));
}
