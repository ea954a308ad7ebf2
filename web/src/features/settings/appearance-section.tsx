import { useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { Section } from "../../components/page-frame.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { choose, DENSITIES, NUMBER_STYLES, usePreferences } from "../../lib/preferences.ts";
import { useWords } from "../../lib/words.tsx";

const THEMES = ["auto", "light", "dark"] as const;
/** Languages are called in their own words, so that whoever needs one finds it. */
const LANGUAGE_NAMES = [
  ["en", "English"],
  ["vi", "Tiếng Việt"],
] as const;

/** How the pages look for this person in this browser. */
export function AppearanceSection() {
  const { t, format } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { language, density, numbers } = usePreferences();
  return (
    <Section open title={t("settings.appearance")} hint={t("settings.appearanceHint")}>
      <dl className="facts choices">
        <Line name={t("shell.language")}>
          <ChoiceOf
            label={t("shell.language")}
            options={LANGUAGE_NAMES}
            value={language}
            onChange={(value) => choose({ language: value })}
          />
        </Line>
        <Line name={t("settings.theme")}>
          <ChoiceOf
            label={t("settings.theme")}
            options={THEMES.map((theme) => [theme, t(`settings.themes.${theme}`)] as const)}
            value={colorScheme}
            onChange={setColorScheme}
          />
        </Line>
        <Line name={t("settings.density")}>
          <ChoiceOf
            label={t("settings.density")}
            options={DENSITIES.map((each) => [each, t(`settings.densities.${each}`)] as const)}
            value={density}
            onChange={(value) => choose({ density: value })}
          />
        </Line>
        <Line name={t("settings.numbers")}>
          <ChoiceOf
            label={t("settings.numbers")}
            options={NUMBER_STYLES.map((each) => [each, t(`settings.numberStyles.${each}`)] as const)}
            value={numbers}
            onChange={(value) => choose({ numbers: value })}
          />{" "}
          <span className="quiet number">{`${format.count(7043)} · ${format.metric(0.845)} · ${format.percent(0.874)}`}</span>
        </Line>
      </dl>
    </Section>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
