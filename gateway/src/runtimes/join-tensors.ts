import type { Tensor, TensorData } from "./define.ts";

/** One tensor of the same output's parts, row after row; `rows` cuts off what was only filled up. */
export function joinTensors(parts: readonly Tensor[], rows: number): Tensor | undefined {
  const [first] = parts;
  if (!first) return undefined;
  const length = rows * first.width;
  if (parts.length === 1 && first.data.length === length) return first;
  if (Array.isArray(first.data)) {
    return { ...first, data: parts.flatMap((part) => Array.from(part.data, String)).slice(0, length) };
  }
  // The same constructor that made the parts makes their whole; each part's elements fit it.
  const Whole = first.data.constructor as new (length: number) => Float64Array;
  const whole = new Whole(length);
  let at = 0;
  for (const { data } of parts) {
    const fitting = data.slice(0, length - at) as Float64Array; // of the type that Whole makes
    whole.set(fitting, at);
    at += fitting.length;
  }
  return { ...first, data: whole satisfies TensorData };
}
