/** What a secret looks like, wherever it stands in a line; the part that tells its kind is kept. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Tokens and API keys, by their prefixes.
  [/\b(cw[a-z]?_)[A-Za-z0-9_-]{16,}/g, "$1…"],
  [/\b(bearer|basic)\s+[^\s"\\,]+/gi, "$1 …"],
  // One-time links.
  [/([?&]code=)[^\s"\\&]+/g, "$1…"],
  // Session cookies.
  [/\b(causeway-[0-9a-f]+=)[^\s"\\;]+/g, "$1…"],
  // Incoming webhooks, whose path is the secret.
  [/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[^\s"\\]+/g, "$1…"],
  // Passwords in the addresses of databases.
  [/(\b[a-z][a-z0-9+]*:\/\/[^\s:/@"\\]+:)[^\s@"\\]+@/gi, "$1…@"],
];

/** Takes secrets out of a line that is about to be written. */
export function hideSecrets(line: string): string {
  return SECRETS.reduce((text, [pattern, shown]) => text.replace(pattern, shown), line);
}
