export const data = {
  sub: "{count, plural, one {# dataset; every import is a version that never changes} other {# datasets; every import is a version that never changes}}",
  import: "Import a table",
  importTitle: "Import a file from this computer",
  emptyTitle: "Import the table that your model learns from",
  emptyText: "CSV, Parquet or JSON lines. Every import becomes a version that never changes.",
  newest: "Newest version",
  rowCourse: "Rows by version",
  findings: "To know",
  noFindings: "nothing",
  rowsAside: "{count, plural, one {# row set aside} other {# rows set aside}}",
  findingCount: "{count, plural, one {# finding} other {# findings}}",
  imported: "Imported",
  chooseFile: "Choose a file",
  datasetName: "Dataset",
  keyColumn: "Key column",
  onBadRow: "A row that cannot be read",
  refuse: "refuses the import",
  quarantine: "is set aside with its reason",
  append: "Add to the newest version",
  uploading: "bytes sent",
  importAside: "Import, set the {count, plural, one {# row} other {# rows}} aside",
  badRows: "{count, plural, one {# row cannot be read} other {# rows cannot be read}}",
  firstOf: "the first {count}",
  rowsAndColumns:
    "{rows, plural, one {# row} other {# rows}}, {columns, plural, one {# column} other {# columns}}",
  versionCount: "{count, plural, one {# version} other {# versions}}",
  openNewest: "Open the newest",
  versionsHint: "newest first; a version never changes",
  rowChange: "Change",
  imports: "Imports",
  importsHint: "what was tried, newest first",
  noImports: "No file was imported into it; it was made by a pipeline or a split.",
  unchanged: "the same rows were there already",
  from: "from {source}",
  downloadParquet: "Download as Parquet",
  rowsTab: "Rows",
  quarantineTab: "Set aside",
  origin: "Origin",
  sourceDigest: "Digest of the file",
  parent: "Made from version",
  parts: "Parts",
  partCount: "{count, plural, one {# Parquet file} other {# Parquet files}}, {size}",
  columnCount: "{count, plural, one {# column} other {# columns}}",
  profiled: "all {rows} rows; bars start at zero, each column has its own scale",
  columnLabel: "{column}: {distinct} distinct values, {missing} missing",
  missingShare: "{share} missing",
  missingCell: "missing",
  allDistinct: "every value differs",
  distinctCount: "{count, plural, one {# distinct} other {# distinct}}",
  std: "Std. deviation",
} as const;

export const columnType = {
  boolean: "yes or no",
  integer: "whole number",
  double: "number",
  string: "text",
  tensor: "tensor",
  json: "any value",
  date: "date",
  timestamp: "time",
} as const;

export const sourceKind = {
  file: "file",
  step: "pipeline step",
  split: "split",
  log: "prediction log with its truth",
} as const;

export const progress = { of: "{done} of {total}", left: "{span} left" } as const;

export const pager = { range: "{first} to {last} of {total}", before: "Before", after: "Next" } as const;

export const lineage = {
  hint: "causes left, effects right",
  none: "Nothing is recorded before or after it.",
} as const;

export const lineageKind = {
  "dataset-version": "data version",
  run: "run",
  "pipeline-run": "pipeline run",
  "pipeline-version": "pipeline code",
  artifact: "artifact",
  "model-version": "model version",
  deployment: "deployment",
  code: "code",
} as const;
