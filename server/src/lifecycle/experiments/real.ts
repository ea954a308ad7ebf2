import type { Real } from "@causeway/contract";

/** A number as JSON carries it: NaN and the infinities as text. */
export function toReal(value: number): Real {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/** The number that a JSON value stands for. */
export function fromReal(value: Real): number {
  return Number(value);
}
