export {
  createPythonEnvironments,
  type EnvironmentOf,
  type EnvironmentRequest,
  type PythonEnvironment,
} from "./environments.ts";
export {
  environmentDigest,
  isRelative,
  packageOf,
  type Requirements,
  readRequirements,
} from "./requirements.ts";
