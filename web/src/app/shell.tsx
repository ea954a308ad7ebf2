import { Drawer } from "@mantine/core";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useSignedOut } from "../lib/session.ts";
import { useWords } from "../lib/words.tsx";
import { Search } from "./search.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { Sidebar } from "./sidebar.tsx";
import { SignInNeeded } from "./sign-in-needed.tsx";
import { StaleStrip } from "./stale-strip.tsx";
import { TopBar } from "./top-bar.tsx";

/** The frame of every page. Mantine's AppShell is not used: the grid below does the same without styles made at run time. */
export function Shell() {
  const { t } = useWords();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const { pathname } = useLocation();
  const isSignedOut = useSignedOut();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => setMenuOpen(false), [pathname]);
  if (isSignedOut) return <SignInNeeded />;
  return (
    <div className="app">
      <a className="skip" href="#page">
        {t("shell.skip")}
      </a>
      <aside className="side">
        <Sidebar />
      </aside>
      <div className="main">
        <TopBar openMenu={() => setMenuOpen(true)} />
        <main className="page" id="page" tabIndex={-1}>
          <StaleStrip />
          <Outlet />
        </main>
      </div>
      <Drawer
        opened={isMenuOpen}
        onClose={() => setMenuOpen(false)}
        size={240}
        className="drawer"
        closeButtonProps={{ "aria-label": t("shell.closeMenu") }}
        title={t("shell.lifecycle")}
      >
        <div className="side">
          <Sidebar />
        </div>
      </Drawer>
      <Search />
      <Shortcuts />
    </div>
  );
}
