import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { Icon } from "../components/icon.tsx";
import { choose, LANGUAGES } from "../lib/preferences.ts";
import { useWords } from "../lib/words.tsx";
import { Breadcrumbs } from "./breadcrumbs.tsx";

/** The bar above the page: where one is, search, language, theme. */
export function TopBar({ openMenu }: { openMenu: () => void }) {
  const { t, language } = useWords();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  return (
    <header className="top">
      <button type="button" className="tool burger" aria-label={t("shell.openMenu")} onClick={openMenu}>
        <Icon name="menu" />
      </button>
      <Breadcrumbs />
      <button type="button" className="search" aria-keyshortcuts="Control+K" onClick={() => spotlight.open()}>
        <Icon name="search" size={14} />
        <span>{t("shell.search")}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <fieldset className="choice desk-only" aria-label={t("shell.language")}>
        {LANGUAGES.map((each) => (
          <button
            key={each}
            type="button"
            lang={each}
            aria-pressed={each === language}
            onClick={() => choose({ language: each })}
          >
            {each.toUpperCase()}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        className="tool"
        aria-label={t("shell.theme")}
        onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
      >
        <Icon name="theme" />
      </button>
    </header>
  );
}
