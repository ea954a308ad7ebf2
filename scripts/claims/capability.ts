/** One line of the product: what it is about, and every promise in it under the name that tests carry (`D1/csv`). */
export interface Capability {
  readonly title: string;
  readonly claims: Readonly<Record<string, string>>;
}

/** Lines of the product by id. */
export type Capabilities = Readonly<Record<string, Capability>>;
