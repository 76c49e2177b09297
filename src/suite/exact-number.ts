/** Which numbers a file may hold: those that are read as they are written. */

/** False for infinity, not-a-number, and whole numbers beyond 2^53, which would be rounded. */
export function isExactNumber(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
