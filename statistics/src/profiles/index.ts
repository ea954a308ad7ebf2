export {
  type CategoricalProfile,
  type ColumnProfile,
  mergeProfiles,
  type NumericProfile,
  profileCategories,
  profileNumbers,
  summarizeProfile,
} from "./column-profile.ts";
export { type HeavyHitters, MOST_HITTERS } from "./heavy-hitters.ts";
export { type QuantileSketch, quantilesOf, SKETCH_SIZE } from "./quantile-sketch.ts";
