/** Exit codes: done is 0; failed, used wrongly, refused by a gate. */
export const EXIT = { failed: 1, usage: 2, refused: 3 } as const;
