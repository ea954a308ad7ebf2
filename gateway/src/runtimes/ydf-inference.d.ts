declare module "ydf-inference" {
  type Feature = { name: string; type: "NUMERICAL" | "CATEGORICAL" | "CATEGORICAL_SET" | "BOOLEAN" };
  type Model = {
    getInputFeatures(): Feature[];
    getLabelClasses(): string[];
    predict(examples: Record<string, (string | number | boolean | null)[]>): number[];
    unload(): void;
  };
  type Ydf = { loadModelFromZipBlob(zip: Uint8Array): Promise<Model> };
  function load(options?: {
    print?: (line: string) => void;
    printErr?: (line: string) => void;
  }): Promise<Ydf>;

  // biome-ignore lint/style/noDefaultExport: the package has a default export alone.
  export { load as default };
}
