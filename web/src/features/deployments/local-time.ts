/** An absolute moment as a field of day and time in the reader's zone shows it: "2026-11-21T14:05"; empty where it is none. */
export function toLocal(moment: string): string {
  const at = new Date(moment);
  if (moment === "" || Number.isNaN(at.getTime())) return "";
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What such a field says, as an absolute moment: addresses are read in other zones too. */
export function fromLocal(text: string): string {
  const at = new Date(text);
  return text === "" || Number.isNaN(at.getTime()) ? "" : at.toISOString();
}
