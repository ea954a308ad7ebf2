const QUALITIES = [
  "amber", "bold", "brave", "bright", "calm", "candid", "clever", "crisp", "curious", "deft", "eager", "earnest", "fair",
  "gentle", "gifted", "glad", "golden", "hardy", "honest", "humble", "jolly", "keen", "kind", "lively", "lucid", "lucky",
  "mellow", "merry", "mighty", "nimble", "noble", "patient", "placid", "polite", "proud", "quick", "quiet", "rare", "sage",
  "serene", "sharp", "silent", "sincere", "sleek", "smooth", "spry", "steady", "stoic", "sunny", "swift", "tidy", "upbeat",
  "vivid", "warm", "wise", "witty",
] as const; // biome-ignore format: a list of words reads best in full lines

const ANIMALS = [
  "ant", "badger", "bat", "bear", "bee", "bison", "boar", "carp", "cat", "crab", "crane", "crow", "deer", "dog", "dove",
  "duck", "eel", "elk", "finch", "fox", "frog", "goat", "goose", "gull", "hare", "hawk", "heron", "horse", "ibis", "jay",
  "koala", "lark", "lion", "llama", "lynx", "mole", "moose", "moth", "mouse", "newt", "orca", "otter", "owl", "ox", "panda",
  "perch", "pig", "pike", "quail", "ram", "rat", "raven", "robin", "seal", "shad", "shark", "sheep", "shrew", "skunk",
  "snail", "sow", "squid", "stag", "stork", "swan", "tern", "toad", "trout", "vole", "wasp", "whale", "wolf", "wren", "yak",
  "zebra",
] as const; // biome-ignore format: a list of words reads best in full lines

/** A name for a run that was given none, such as `gifted-zebra-12`. `random` answers numbers in [0, 1). */
export function randomRunName(random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? "";
  return `${pick(QUALITIES)}-${pick(ANIMALS)}-${Math.floor(random() * 1000)}`;
}
