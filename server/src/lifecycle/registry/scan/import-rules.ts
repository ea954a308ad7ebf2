import type { ScanFinding } from "@causeway/contract";
import type { PickleImport } from "./pickle-walk.ts";

type Severity = ScanFinding["severity"];

/** Packages that models are made of. What they build, they build of arrays, numbers and themselves. */
const KNOWN_PACKAGES = new Set([
  ..."numpy scipy sklearn pandas pyarrow polars xgboost lightgbm catboost statsmodels prophet joblib".split(
    " ",
  ),
  ..."torch torchvision torchaudio _codecs keras tf_keras tensorflow jax flax transformers tokenizers".split(
    " ",
  ),
  ..."sentence_transformers spacy thinc gensim fastai pytorch_lightning lightning mlflow skops imblearn".split(
    " ",
  ),
  ..."category_encoders feature_engine pmdarima sktime shap onnx onnxruntime skl2onnx diviner paddle".split(
    " ",
  ),
  ..."collections datetime decimal fractions uuid array random time re enum dataclasses pathlib copyreg".split(
    " ",
  ),
  ..."zoneinfo pytz dateutil types typing abc weakref threading logging warnings math statistics string".split(
    " ",
  ),
  ..."__torch__ dill cloudpickle functools itertools operator builtins _operator".split(" "),
]);

/** Modules through which a pickle reaches the machine: no model needs one in order to be loaded. */
const DANGEROUS_MODULES = new Set([
  ..."os posix nt subprocess sys pty socket shutil runpy importlib ctypes webbrowser code codeop pdb bdb".split(
    " ",
  ),
  ..."marshal pickle _pickle platform signal resource multiprocessing asyncio commands popen2 imp zipimport".split(
    " ",
  ),
  ..."http urllib requests httpx aiohttp smtplib ftplib telnetlib poplib imaplib xmlrpc socketserver ssl".split(
    " ",
  ),
  ..."tempfile glob fileinput io _io linecache timeit profile cProfile trace doctest pydoc venv ensurepip".split(
    " ",
  ),
  ..."pip setuptools distutils pkgutil site gc inspect nturl2path antigravity idlelib lib2to3".split(" "),
]);

/** Names of otherwise known modules that run what they are given, or reach anything by its name. */
const DANGEROUS_NAMES: readonly RegExp[] = [
  /^(builtins|__builtin__)\.(eval|exec|execfile|compile|open|input|__import__|getattr|setattr|delattr|globals|locals|vars|breakpoint|apply|map|filter)\b/,
  /^(operator|_operator)\.(attrgetter|methodcaller|call)\b/,
  /^functools\.(reduce|partialmethod|singledispatch)\b/,
  /^types\.(FunctionType|CodeType|LambdaType)\b/,
  /^numpy\.(testing|f2py|distutils)\b/,
  /^torch\.(hub|_dynamo|_inductor|utils\.cpp_extension|package|distributed|multiprocessing|utils\.collect_env|serialization\.load|load)\b/,
  /^pandas\.(read_pickle|io\.pickle|eval|core\.computation)\b/,
  /^joblib\.(load|numpy_pickle\.load|parallel|externals\.loky)\b/,
  /^(tensorflow|keras)\b.*\b(py_function|numpy_function|Lambda|func_load|run_command)\b/,
  /^mlflow\.(projects|utils\.process|pyfunc\.backend|recipes)\b/,
  /^logging\.(config|handlers)\b/,
];

/** Builtin names that only build values. */
const PLAIN_BUILTINS = new Set(
  "object set frozenset list dict tuple int float complex str bytes bytearray bool slice range type super print NotImplemented Ellipsis".split(
    " ",
  ),
);

/** Functions of cloudpickle that carry code with them, which runs when the model is used. */
const CODE_CARRIERS = /^(cloudpickle|dill)\b/;

/** How bad it is that a pickle imports something, and why. */
export function judgeImport({ module, name }: PickleImport): { severity: Severity; text: string } | null {
  const full = `${module}.${name}`;
  const [root = ""] = module.split(".");
  if (DANGEROUS_NAMES.some((rule) => rule.test(full)))
    return { severity: "danger", text: `loading it runs ${full}, which can run anything` };
  if (DANGEROUS_MODULES.has(root))
    return {
      severity: "danger",
      text: `loading it reaches ${full}, through which a pickle gets at the machine`,
    };
  if (root === "builtins" || root === "__builtin__") {
    const isPlain = PLAIN_BUILTINS.has(name) || /(Error|Exception|Warning)$/.test(name);
    return isPlain ? null : { severity: "warning", text: `loading it uses the builtin ${name}` };
  }
  if (CODE_CARRIERS.test(module)) {
    return {
      severity: "note",
      text: "it carries Python code of its author, which runs when the model is used",
    };
  }
  if (KNOWN_PACKAGES.has(root)) return null;
  if (root === "__main__")
    return { severity: "warning", text: `it needs ${name} of the program that made it` };
  return {
    severity: "warning",
    text: `loading it imports ${full}, a package that is not among the known ones`,
  };
}

/** How bad it is that a pickle's code imports a whole module. */
export function judgeModule(module: string): { severity: Severity; text: string } | null {
  const [root = ""] = module.split(".");
  if (DANGEROUS_MODULES.has(root))
    return { severity: "warning", text: `its code imports the module ${module}` };
  return KNOWN_PACKAGES.has(root)
    ? null
    : { severity: "note", text: `its code imports the module ${module}` };
}
