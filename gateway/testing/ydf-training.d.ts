declare module "ydf-training" {
  function load(options?: { print?: (line: string) => void; printErr?: (line: string) => void }): Promise<{
    GradientBoostedTreesLearner: new (
      label: string,
      task: string,
    ) => { train(csv: string): { save(): Promise<Blob>; unload(): void } };
  }>;

  // biome-ignore lint/style/noDefaultExport: the package has a default export alone.
  export { load as default };
}
