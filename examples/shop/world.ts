/**
 * A simulated online shop and its customers: no real person, no real sale. Each customer is seen once, at a moment of event
 * time, and leaves or stays within days, by a law that only this file knows. Nothing here sees a prediction or flips an
 * answer: what changes is the law itself.
 *
 * The log-odds of leaving are 4 times the sum of these terms:
 *
 * | term           | until the change                              | after it                                         |
 * |----------------|-----------------------------------------------|--------------------------------------------------|
 * | price          | 0.030 for each unit above 60                  | 0.035: who pays much looks around even more      |
 * | contract       | monthly 0.9, one year -0.7, two years -1.3    | monthly -0.9, one year 0.5, two years 1.3        |
 * | support calls  | 0.45 for each call above 1.5                  | 0.10: a new support team wins most callers back  |
 * | competitor     | 0.010 for each unit its offer is unusually low | 0.050: customers compare offers now             |
 *
 * After the change a competitor sells 14 units below the shop's price where it sold 6 above, and buys customers out of long
 * contracts, while the shop lets monthly customers pause instead of leave: the contract's term turns round.
 */

/** What the shop knows of a customer when it asks whether she will leave. */
export type Customer = {
  readonly customerId: string;
  readonly price: number;
  readonly contract: (typeof CONTRACTS)[number];
  readonly supportCalls: number;
  readonly competitorOffer: number;
  readonly tenureMonths: number;
  readonly orders: number;
  readonly channel: (typeof CHANNELS)[number];
};

/** A customer with what became of her. */
export type Outcome = { readonly customer: Customer; readonly leaves: "yes" | "no" };

const CONTRACTS = ["monthly", "one year", "two years"] as const;
const CHANNELS = ["web", "app", "phone"] as const;

type Law = {
  readonly price: number;
  readonly contract: Readonly<Record<Customer["contract"], number>>;
  readonly supportCalls: number;
  readonly competitor: number;
  /** How far the competitor's offer lies under the customer's price, on average. */
  readonly undercut: number;
};

const STRENGTH = 4;

const BEFORE: Law = {
  price: 0.03,
  contract: { monthly: 0.9, "one year": -0.7, "two years": -1.3 },
  supportCalls: 0.45,
  competitor: 0.01,
  undercut: -6,
};

const AFTER: Law = {
  price: 0.035,
  contract: { monthly: -0.9, "one year": 0.5, "two years": 1.3 },
  supportCalls: 0.1,
  competitor: 0.05,
  undercut: 14,
};

/** Draws customers and their fates; the same seed gives the same people. */
export function createShop(seed: number) {
  const random = seededRandom(seed);
  let count = 0;
  return {
    /** The next customer, in a world before or after the change. */
    next(changed: boolean): Outcome {
      count += 1;
      const law = changed ? AFTER : BEFORE;
      const price = Math.round((20 + 80 * random()) * 100) / 100;
      const customer: Customer = {
        customerId: `s${seed}-${String(count).padStart(6, "0")}`,
        price,
        contract: CONTRACTS[place(random(), [0.5, 0.8])] ?? "monthly",
        supportCalls: supportCalls(random()),
        competitorOffer: Math.round((price - law.undercut + 12 * normal(random)) * 100) / 100,
        tenureMonths: Math.floor(72 * random() ** 1.5),
        orders: Math.floor(1 + 9 * random()),
        channel: CHANNELS[place(random(), [0.5, 0.85])] ?? "web",
      };
      return { customer, leaves: random() < chanceOfLeaving(customer, law) ? "yes" : "no" };
    },
  };
}

function chanceOfLeaving(customer: Customer, law: Law): number {
  const cheaper = customer.price - customer.competitorOffer - law.undercut;
  const sum =
    law.price * (customer.price - 60) +
    law.contract[customer.contract] +
    law.supportCalls * (customer.supportCalls - 1.5) +
    law.competitor * cheaper;
  return 1 / (1 + Math.exp(-STRENGTH * sum));
}

/** 0 to 6 calls, 1.5 on average. */
function supportCalls(draw: number): number {
  return place(draw, [0.22, 0.56, 0.81, 0.93, 0.98, 0.995]);
}

/** How many of the bounds a draw reaches. */
function place(draw: number, bounds: readonly number[]): number {
  return bounds.filter((bound) => draw >= bound).length;
}

/** A standard normal number by the method of Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Numbers from 0 to 1 that a seed determines (mulberry32, public domain). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
