/** Where a measured difference stops being one thing and becomes another. All in nats. */

/**
 * What rounding alone explains: one step of a bfloat16 logit between 16 and 32 (8 significand bits, so 2^4 / 2^7), the coarsest
 * format in which engines commonly compute logits. Other weights move the first position of most prompts further: with llama.cpp
 * and a 4-bit 135M model, one flipped bit in 0.1 % of the weight bytes gave a median of 0.19 nats over five prompts, an 8-bit
 * key cache, which only rounds, 0.014 nats.
 */
export const roundingNats = 0.125;

/** Two such steps, one for each of the two tokens: a margin that rounding can turn round. */
export const nearTieNats = 2 * roundingNats;

/** Two float32 sums of log-probability and margin (up to about 50 nats) may round to different neighbours this far apart. */
export const floatRoundingNats = 1e-4;
