/** The same keys with other texts: what a translation must be. */
export type Same<Tree> = {
  readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Same<Tree[Key]>;
};
