import { Command } from "../components/copy.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Mark } from "../components/icon.tsx";
import { useWords } from "../lib/words.tsx";

/** What a browser sees whose session the server does not know: how to get a link that signs it in. */
export function SignInNeeded() {
  const { t } = useWords();
  return (
    <main className="main sign-in">
      <div className="page">
        <p className="brand">
          <Mark />
          Causeway
        </p>
        <h1 className="unseen">{t("signIn.title")}</h1>
        <EmptyState title={t("signIn.title")} text={t("signIn.text")}>
          <Command line="npx --no causeway token link" />
          <p className="quiet">{t("signIn.where")}</p>
        </EmptyState>
      </div>
    </main>
  );
}
