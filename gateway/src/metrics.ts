/** Upper bounds in seconds: a small model answers in a fraction of the first. */
const LATENCY_BUCKETS = [
  0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

type Labels = Readonly<Record<string, string>>;
type Sample = { readonly labels: Labels; readonly value: number };

export type Counter = { add(count?: number): void };
export type Histogram = { observe(seconds: number): void };

/** Prometheus metrics that cost an addition where they count; text is made when it is asked for. */
export type Metrics = {
  counter(name: string, help: string): (labels: Labels) => Counter;
  histogram(name: string, help: string): (labels: Labels) => Histogram;
  /** Read when the page is asked for. */
  gauge(name: string, help: string, read: () => readonly Sample[]): void;
  /** As `gauge`, for something that only grows. */
  total(name: string, help: string, read: () => readonly Sample[]): void;
  /** The text exposition format, version 0.0.4. */
  render(): string;
};

/** An empty set of metrics. Keep the children that a label set gives: making one costs more than counting. */
export function createMetrics(): Metrics {
  const families: (() => string[])[] = [];

  function family(head: { name: string; help: string; type: string }, lines: () => string[]): void {
    const { name, help, type } = head;
    families.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()]);
  }

  function children<Child>(make: () => Child) {
    const known = new Map<string, Child>();
    const child = (labels: Labels): Child => {
      const key = labelText(labels);
      const found = known.get(key) ?? make();
      known.set(key, found);
      return found;
    };
    return { known, child };
  }

  function sampled(head: { name: string; help: string; type: string }, read: () => readonly Sample[]): void {
    family(head, () =>
      read().map(({ labels, value }) => `${head.name}${braced(labelText(labels))} ${value}`),
    );
  }

  return {
    counter(name, help) {
      const { known, child } = children(() => {
        const state = {
          count: 0,
          add(by = 1) {
            state.count += by;
          },
        };
        return state;
      });
      family({ name, help, type: "counter" }, () =>
        [...known].map(([labels, { count }]) => `${name}${braced(labels)} ${count}`),
      );
      return child;
    },
    histogram(name, help) {
      const { known, child } = children(createBuckets);
      family({ name, help, type: "histogram" }, () =>
        [...known].flatMap(([labels, buckets]) => buckets.lines(name, labels)),
      );
      return child;
    },
    gauge: (name, help, read) => sampled({ name, help, type: "gauge" }, read),
    total: (name, help, read) => sampled({ name, help, type: "counter" }, read),
    render: () => `${families.flatMap((lines) => lines()).join("\n")}\n`,
  };
}

function createBuckets() {
  const counts = LATENCY_BUCKETS.map(() => 0);
  let count = 0;
  let sum = 0;
  return {
    observe(seconds: number) {
      count += 1;
      sum += seconds;
      for (let index = 0; index < LATENCY_BUCKETS.length; index++) {
        if (seconds <= (LATENCY_BUCKETS[index] ?? Infinity)) {
          counts[index] = (counts[index] ?? 0) + 1;
          return;
        }
      }
    },
    lines(name: string, labels: string): string[] {
      let below = 0;
      const bounded = LATENCY_BUCKETS.map((bound, index) => {
        below += counts[index] ?? 0;
        return `${name}_bucket${braced(joined(labels, `le="${bound}"`))} ${below}`;
      });
      return [
        ...bounded,
        `${name}_bucket${braced(joined(labels, 'le="+Inf"'))} ${count}`,
        `${name}_sum${braced(labels)} ${sum}`,
        `${name}_count${braced(labels)} ${count}`,
      ];
    },
  };
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? "")}"`)
    .join(",");
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

function joined(left: string, right: string): string {
  return left === "" ? right : `${left},${right}`;
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}
