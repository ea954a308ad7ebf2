const PATHS = {
  home: "M1 5.5h14M2.5 5.5v8M13.5 5.5v8M2.5 13.5a5.5 5.5 0 0 1 11 0",
  data: "M2.5 3.8c0-1 2.5-1.8 5.5-1.8s5.5.8 5.5 1.8-2.5 1.8-5.5 1.8-5.5-.8-5.5-1.8zM2.5 3.8v8.4c0 1 2.5 1.8 5.5 1.8s5.5-.8 5.5-1.8V3.8M2.5 8c0 1 2.5 1.8 5.5 1.8s5.5-.8 5.5-1.8",
  experiments: "M2 14V2M2 14h12M4.5 11.5c1.5-5 4-7 9-7.5M4.5 12c3-3 5-3.5 9-4",
  pipelines:
    "M5 8h2.5M10.5 4H9a1.5 1.5 0 0 0-1.5 1.5v5A1.5 1.5 0 0 0 9 12h1.5M1.5 6.5h3.5v3H1.5zM11 2.5h3.5v3H11zM11 10.5h3.5v3H11z",
  registry: "M8 1.5l6 3.2v6.6l-6 3.2-6-3.2V4.7zM2 4.7l6 3.3 6-3.3M8 8v6.5",
  deployments: "M2 13.5h12M8 11V2M4.5 5.5L8 2l3.5 3.5",
  monitoring: "M1 8.5h3l2-5 3.5 9 2-4H15",
  retraining: "M13.5 6A6 6 0 0 0 2.5 6.5M2.5 10a6 6 0 0 0 11-.5M2 2.5v4h4M14 13.5v-4h-4",
  settings: "M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M9 3v3h3V3zM4 10v3h3v-3z",
  search: "M2.5 7a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M10.5 10.5L14 14",
  menu: "M2 4h12M2 8h12M2 12h12",
  copy: "M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.5 3.5L13 4.5",
  theme: "M2.5 8a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0M8 2.5v11M8 5h3.5M8 8h5M8 11h3.5",
} as const;

export type IconName = keyof typeof PATHS;

/** One of the line icons; silent, because a word always stands beside it or names the button. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** The mark: a bridge of one arch. */
export function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="M1 6h18M3 6v10M17 6v10M3 16a7 7 0 0 1 14 0"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
      />
    </svg>
  );
}
