import { Spotlight } from "@mantine/spotlight";
import { useState } from "react";
import { useGo } from "../components/go.tsx";
import { Icon } from "../components/icon.tsx";
import { useOverview } from "../features/home/use-overview.ts";
import { useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";
import { catalog, find } from "./search-hits.ts";

/** Reading goes on behind an overlay: a light shade, no blur. */
const PLAIN_OVERLAY = { backgroundOpacity: 0.25, blur: 0 };

/** Search and commands, Ctrl K: pages, things by name, and whatever a pasted id names. */
export function Search() {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const { overview } = useOverview();
  const [query, setQuery] = useState("");
  const groups = find(query, catalog(overview, scope, t), { scope, t });
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={["mod + K"]}
      scrollable
      maxHeight={420}
      overlayProps={PLAIN_OVERLAY}
    >
      <Spotlight.Search placeholder={t("shell.search")} aria-label={t("shell.search")} />
      <Spotlight.ActionsList>
        {groups.map(({ group, hits }) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {hits.map((hit) => (
              <Spotlight.Action key={hit.id} onClick={() => go(hit.to)}>
                <span className="found">
                  <Icon name={hit.icon} />
                  <span>{hit.label}</span>
                  <small>{hit.hint}</small>
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 ? <Spotlight.Empty>{t("shell.searchNothing")}</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
      <Spotlight.Footer>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {t("shell.keyChoose")}
        </span>
        <span>
          <kbd>Enter</kbd> {t("shell.keyOpen")}
        </span>
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}
