import { data as endpoints } from "@causeway/contract";
import type { Data } from "../../lifecycle/data/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** The routes of data. */
export function dataRoutes(data: Data): BoundRoute[] {
  return bind(endpoints, {
    upload: data.upload,
    startImport: data.startImport,
    getImport: data.getImport,
    followImport: data.followImport,
    listImports: data.listImports,
    listDatasets: data.listDatasets,
    getDataset: data.getDataset,
    listVersions: data.listVersions,
    getVersion: data.getVersion,
    getProfile: data.getProfile,
    preview: data.preview,
    listQuarantine: data.listQuarantine,
    downloadPart: data.downloadPart,
    startSplit: data.startSplit,
    getSplit: data.getSplit,
  });
}
