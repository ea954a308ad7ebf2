import { STAGES, type Stage } from "@causeway/contract";
import { Modal } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useGo } from "../components/go.tsx";
import { places } from "../lib/places.ts";
import { useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";

/** The second key after `g`, by page: the first letter that no earlier stage has. */
export const GO_KEYS = {
  h: "home",
  d: "data",
  e: "experiments",
  p: "pipelines",
  r: "registry",
  o: "deployments",
  m: "monitoring",
  t: "retraining",
} as const;

/** How long the second key of a pair may be waited for. */
const PAIR_MS = 1_200;
const TOLD_MS = 1_600;

/** The keys of the frame: `g` and a letter, `/`, `.`, `?`. Tables have their own. */
export function Shortcuts() {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [told, setTold] = useState("");
  const pressedG = useRef(0);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const target = pageOf(event.key);
      if (target !== undefined && Date.now() - pressedG.current < PAIR_MS) {
        pressedG.current = 0;
        go(target === "home" ? places.home(scope) : places.stage(scope, target));
      } else if (event.key === "g") pressedG.current = Date.now();
      else if (event.key === "/") {
        const filter = document.querySelector<HTMLInputElement>("input[data-filter]");
        if (filter === null) return;
        event.preventDefault();
        filter.focus();
      } else if (event.key === ".") {
        void navigator.clipboard.writeText(location.href).then(() => setTold(t("shell.linkCopied")));
      } else if (event.key === "?") setHelpOpen(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [go, scope, t]);

  useEffect(() => {
    if (told === "") return;
    const timer = setTimeout(() => setTold(""), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);

  const keys: [string, string][] = [
    ["Ctrl K", t("shell.shortcutSearch")],
    [`g ${Object.keys(GO_KEYS).join(" ")}`, t("shell.shortcutHome")],
    ["/", t("shell.shortcutFilter")],
    ["j k Enter", t("shell.shortcutMove")],
    ["[ ]", t("shell.shortcutWindows")],
    [".", t("shell.shortcutLink")],
    ["?", t("shell.shortcutHelp")],
  ];
  return (
    <>
      <div role="status" className={told === "" ? "unseen" : "told"}>
        {told}
      </div>
      <Modal
        opened={isHelpOpen}
        onClose={() => setHelpOpen(false)}
        title={t("shell.shortcuts")}
        closeButtonProps={{ "aria-label": t("shell.close") }}
      >
        <dl className="facts">
          {keys.map(([key, text]) => (
            <div key={key} style={{ display: "contents" }}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  );
}

function pageOf(key: string): "home" | Stage | undefined {
  const found = Object.entries(GO_KEYS).find(([letter]) => letter === key)?.[1];
  return found === "home" ? "home" : STAGES.find((stage) => stage === found);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}
