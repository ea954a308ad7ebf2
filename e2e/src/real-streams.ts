import { runElec2 } from "../shared/elec2-replay.ts";
import { runHotel } from "../shared/hotel-replay.ts";
import { requires } from "./requirement.ts";

const BENCHMARKS = { hotel: runHotel, elec2: runElec2 };

const name = process.argv[2];
if (name !== "hotel" && name !== "elec2") {
  process.stderr.write("which one? hotel or elec2\n");
  process.exitCode = 2;
} else if (!requires("shared")) {
  process.exitCode = 1;
} else {
  const figures = await BENCHMARKS[name]((line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
