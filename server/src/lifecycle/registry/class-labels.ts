/**
 * Finds which of a model's classes a value of the target column means. Models write labels as text in their own way: a
 * boolean target may come back as `True`, `true` or `1`, an integer one as `1` or `1.0`. Undefined when none fits.
 */
export function matchLabel(value: string | number | boolean, classes: readonly string[]): string | undefined {
  const text = String(value);
  if (classes.includes(text)) return text;
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") {
    const number = lower === "true" ? 1 : 0;
    return classes.find((label) => label.toLowerCase() === lower || sameNumber(label, number));
  }
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number)
    ? undefined
    : classes.find((label) => sameNumber(label, number));
}

function sameNumber(label: string, number: number): boolean {
  return label.trim() !== "" && Number(label) === number;
}
