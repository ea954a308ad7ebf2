/** What an answer to a webhook means. */
export type WebhookVerdict =
  | { readonly outcome: "arrived" }
  | { readonly outcome: "again" | "failed"; readonly problem: string };

/** Judges the status of an answer: busy and broken receivers are asked again, those that say no are not. */
export function judgeAnswer(status: number): WebhookVerdict {
  if (status >= 200 && status < 300) return { outcome: "arrived" };
  if (status >= 300 && status < 400)
    return { outcome: "failed", problem: `It answered ${status}, a redirect, which is not followed` };
  const problem = `It answered ${status}`;
  return { outcome: status === 429 || status >= 500 ? "again" : "failed", problem };
}
