import JSZip from "jszip";

type Learner = { train(csv: string): { save(): Promise<Blob>; unload(): void } };
type Training = { GradientBoostedTreesLearner: new (label: string, task: string) => Learner };

/** Trains a small forest on a CSV whose target column is `y`, and gives the bytes of its zip. */
export async function trainYdf(csv: string, task: "CLASSIFICATION" | "REGRESSION"): Promise<Uint8Array> {
  // The package was built for browsers: it looks for its zip writer among the globals.
  Object.assign(globalThis, { JSZip });
  const { default: load } = await import("ydf-training");
  const say = console.log;
  console.log = () => undefined;
  try {
    const training: Training = await load({ print: () => undefined, printErr: () => undefined });
    const model = new training.GradientBoostedTreesLearner("y", task).train(csv);
    const zip = new Uint8Array(await (await model.save()).arrayBuffer());
    model.unload();
    return zip;
  } finally {
    console.log = say;
  }
}
