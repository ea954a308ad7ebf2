import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** Mantine wants ten shades of a colour; every one of ours is the same token, which is light or dark by itself. */
function shades(token: string): MantineColorsTuple {
  const value = `var(--${token})`;
  return [value, value, value, value, value, value, value, value, value, value];
}

/** The tokens as Mantine's theme. */
export const theme = createTheme({
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 6 },
  colors: { accent: shades("accent"), red: shades("crit"), gray: shades("line-strong") },
  defaultRadius: "var(--radius)",
  fontSizes: { xs: "11px", sm: "13px", md: "13px", lg: "14px", xl: "20px" },
  lineHeights: { xs: "1.45", sm: "1.54", md: "1.54", lg: "1.43", xl: "1.4" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  respectReducedMotion: true,
});

const tokens = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-3)",
  "--mantine-color-placeholder": "var(--ink-3)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-error": "var(--crit)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--sunken)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-disabled": "var(--sunken)",
  "--mantine-color-disabled-color": "var(--ink-3)",
  "--mantine-color-disabled-border": "var(--line)",
  "--mantine-color-accent-filled": "var(--accent)",
  "--mantine-color-accent-filled-hover": "var(--accent)",
  "--mantine-color-accent-light": "var(--accent-tint)",
  "--mantine-color-accent-light-hover": "var(--accent-tint)",
  "--mantine-color-accent-light-color": "var(--accent)",
  "--mantine-color-accent-outline": "var(--accent)",
  "--mantine-color-accent-contrast": "var(--on-accent)",
  "--mantine-shadow-xs": "none",
  "--mantine-shadow-sm": "var(--overlay)",
  "--mantine-shadow-md": "var(--overlay)",
  "--mantine-shadow-lg": "var(--overlay)",
  "--mantine-shadow-xl": "var(--overlay)",
};

/** Mantine's own colours, each said by a token. */
export const themeVariables: CSSVariablesResolver = () => ({ variables: {}, light: tokens, dark: tokens });
