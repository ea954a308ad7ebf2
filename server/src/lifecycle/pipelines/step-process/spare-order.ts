/** What a process that was started ahead is told, as one line of its standard input. */
export type SpareOrder = {
  readonly stepFile: string;
  /** The working folder. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
};
