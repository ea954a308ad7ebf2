import type { Capabilities } from "./capability.ts";

export const dataClaims: Capabilities = {
  D1: {
    title: "Import of tables",
    claims: {
      csv: "CSV files",
      parquet: "Parquet files",
      "json-lines": "JSON lines files",
      arrow: "Arrow files",
      file: "from one file",
      folder: "from a folder or a glob",
      http: "from HTTP(S)",
      s3: "from an S3 prefix",
      postgres: "from a PostgreSQL query",
      upload: "from an upload",
      "inferred-types": "types inferred",
      "given-types": "types given",
      "bad-row": "a bad row is reported with file, line, column and reason",
      "never-dropped": "no row is dropped silently: refused, or kept in quarantine",
    },
  },
  D2: {
    title: "Immutable dataset versions",
    claims: {
      immutable: "a version never changes",
      "content-id": "a version is named by its content, the same on any machine",
      parts: "stored as Parquet parts",
      append: "appending re-uses old parts",
    },
  },
  D3: {
    title: "Expectations",
    claims: {
      exists: "column exists",
      type: "column type",
      "not-null": "not null",
      unique: "unique",
      "in-set": "in set",
      between: "between",
      regex: "regular expression",
      length: "length",
      "row-count": "row count",
      freshness: "freshness",
      pair: "pair a<=b",
      "distribution-distance": "distribution distance",
      mostly: "each with `mostly`",
      inferred: "inferred as a starting point",
      "stops-pipeline": "a failed check stops a pipeline with a report that names rows",
    },
  },
  D4: {
    title: "Profile of each version",
    claims: {
      count: "count and missing",
      distinct: "distinct",
      moments: "min, max, mean, standard deviation",
      quantiles: "quantiles",
      histogram: "histogram",
      "top-values": "top values",
      mergeable: "mergeable across parts",
    },
  },
  D5: {
    title: "Difference of two versions",
    claims: {
      schema: "schema",
      rows: "rows by key: added, removed, changed",
      profile: "profile",
    },
  },
  D6: {
    title: "Stable splits",
    claims: {
      hash: "by hash of a key",
      time: "by time",
      stable: "a row stays in its share when rows are appended",
    },
  },
  D7: {
    title: "Look into the data",
    claims: { preview: "preview", sql: "SQL query", "read-only": "neither can change anything" },
  },
  D8: {
    title: "Sources that refresh",
    claims: { schedule: "refresh on schedule", event: "emit that there is new data" },
  },
  D9: {
    title: "Lineage of data",
    claims: { run: "to every run", model: "to every model", prediction: "to every prediction made from it" },
  },
  D10: {
    title: "Retention",
    claims: {
      retention: "retention",
      gc: "garbage collection",
      live: "never removes what a live model needs",
    },
  },
  D11: {
    title: "File datasets",
    claims: {
      manifest: "a manifest of path, digest, label, metadata",
      thumbnails: "thumbnails",
      embeddings: "embeddings for drift",
    },
  },
  D12: {
    title: "Feature transforms",
    claims: {
      versioned: "versioned with the model, shared by training and serving",
      "point-in-time": "point-in-time joins",
      skew: "a skew check of logged against recomputed features",
    },
  },
};
