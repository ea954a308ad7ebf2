/**
 * Writes customers.csv: simulated customers of a telephone company, with the columns that such tables usually have.
 * The law: log-odds of churn = -1.6 + contract (month-to-month +1.3, two years -1.4) + fibre +0.8 + electronic check +0.4
 * + no tech support +0.4 - 0.035 per month of tenure up to 60 + 0.01 per unit of monthly charge above 65.
 * New customers (tenure 0) have no total charges yet: the field is blank, as a billing system leaves it.
 *
 * node examples/churn/generate.ts [rows] [seed] > examples/churn/customers.csv
 */
const rows = Number(process.argv[2] ?? 3000);
const random = mulberry32(Number(process.argv[3] ?? 7));

const head =
  "customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,InternetService,OnlineSecurity,OnlineBackup,DeviceProtection,TechSupport,StreamingTV,StreamingMovies,Contract,PaperlessBilling,PaymentMethod,MonthlyCharges,TotalCharges,Churn";
process.stdout.write(
  `${[head, ...Array.from({ length: rows }, (_, index) => customer(index))].join("\n")}\n`,
);

function customer(index: number): string {
  const contract = pick([
    ["Month-to-month", 0.55],
    ["One year", 0.21],
    ["Two year", 0.24],
  ]);
  const typicalTenure = { "Month-to-month": 14, "One year": 42, "Two year": 58 }[contract] ?? 30;
  const tenure = Math.max(0, Math.min(72, Math.round(typicalTenure * (0.15 + 1.5 * random()) - 1.75)));
  const internet = pick([
    ["Fiber optic", 0.44],
    ["DSL", 0.34],
    ["No", 0.22],
  ]);
  const phone = internet === "DSL" && chance(0.28) ? "No" : "Yes";
  const addOn = (share: number) => (internet === "No" ? "No internet service" : chance(share) ? "Yes" : "No");
  const services = [addOn(0.36), addOn(0.44), addOn(0.44), addOn(0.37), addOn(0.49), addOn(0.49)];
  const [security = "", backup = "", protection = "", support = "", television = "", movies = ""] = services;
  const payment = pick([
    ["Electronic check", 0.34],
    ["Mailed check", 0.22],
    ["Bank transfer (automatic)", 0.22],
    ["Credit card (automatic)", 0.22],
  ]);
  const added = services.filter((value) => value === "Yes").length;
  const base = { "Fiber optic": 68, DSL: 42, No: 20 }[internet] ?? 20;
  const monthly = base + 5 * added - (phone === "No" ? 20 : 0) + 4 * (random() - 0.5);
  const total = tenure === 0 ? " " : (monthly * tenure * (0.97 + 0.06 * random())).toFixed(2);
  const logOdds =
    -1.6 +
    (contract === "Month-to-month" ? 1.3 : contract === "Two year" ? -1.4 : 0) +
    (internet === "Fiber optic" ? 0.8 : 0) +
    (payment === "Electronic check" ? 0.4 : 0) +
    (support === "No" ? 0.4 : 0) -
    0.035 * Math.min(tenure, 60) +
    0.01 * (monthly - 65);
  return [
    `${String(1000 + index).padStart(4, "0")}-${letters(5)}`,
    chance(0.5) ? "Female" : "Male",
    chance(0.16) ? 1 : 0,
    chance(0.48) ? "Yes" : "No",
    chance(0.3) ? "Yes" : "No",
    tenure,
    phone,
    phone === "No" ? "No phone service" : chance(0.46) ? "Yes" : "No",
    internet,
    security,
    backup,
    protection,
    support,
    television,
    movies,
    contract,
    chance(0.59) ? "Yes" : "No",
    payment,
    monthly.toFixed(2),
    total,
    chance(1 / (1 + Math.exp(-logOdds))) ? "Yes" : "No",
  ].join(",");
}

function pick(shares: readonly (readonly [value: string, share: number])[]): string {
  let left = random();
  for (const [value, share] of shares) {
    left -= share;
    if (left < 0) return value;
  }
  return shares.at(-1)?.[0] ?? "";
}

function chance(share: number): boolean {
  return random() < share;
}

function letters(count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(65 + Math.floor(random() * 26))).join("");
}

/** A small seeded generator of numbers from 0 to 1 (mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
