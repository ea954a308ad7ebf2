import { useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { type MouseEvent, type ReactNode, useCallback } from "react";

/** A link to another page of ours, by its address. */
export function Go({
  to,
  className,
  current,
  children,
  title,
  label,
}: {
  to: string;
  className?: string | undefined;
  /** Marks the page that is open already. */
  current?: "page" | "true" | undefined;
  children: ReactNode;
  title?: string;
  label?: string | undefined;
}) {
  const { history } = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    history.push(to);
  };
  return (
    <a
      href={to}
      className={className}
      aria-current={current}
      aria-label={label}
      title={title}
      onClick={follow}
    >
      {children}
    </a>
  );
}

/** Opens a page of ours by its address. `instead` leaves the page that only leads on out of what Back goes through. */
export function useGo(): (to: string, how?: "instead") => void {
  const { history } = useRouter();
  return (to, how) => (how === "instead" ? history.replace(to) : history.push(to));
}

/** A part of the address, such as the dataset of `/dev/data/:dataset`. */
export function useSegment(name: string): string {
  const params: Record<string, string | undefined> = useParams({ strict: false });
  const value = params[name];
  if (value === undefined) throw new Error(`the route has no segment ${name}`);
  return value;
}

/** A choice that the address keeps, with its value when the address says nothing. */
export function useView(name: string, fallback = ""): [string, (value: string) => void] {
  // Only a change of this choice draws anew what reads it.
  const value = useSearch({
    strict: false,
    select: (search: Record<string, string | undefined>) => search[name],
  });
  const navigate = useNavigate();
  const set = (value: string) =>
    void navigate({
      to: ".",
      search: (before: Record<string, string | undefined>) => ({
        ...before,
        [name]: value === fallback ? undefined : value,
      }),
      resetScroll: false,
    });
  return [value ?? fallback, set];
}

/** Changes several choices of the address in one step; an empty value takes a choice out. */
export function useViewChange(): (change: Readonly<Record<string, string>>, how?: "instead") => void {
  const navigate = useNavigate();
  return useCallback(
    (change, how) =>
      void navigate({
        to: ".",
        search: (before: Record<string, string | undefined>) => ({
          ...before,
          ...Object.fromEntries(
            Object.entries(change).map(([name, value]) => [name, value === "" ? undefined : value]),
          ),
        }),
        resetScroll: false,
        replace: how === "instead",
      }),
    [navigate],
  );
}
