import { CausewayError } from "@causeway/contract";
import {
  keepPreviousData,
  QueryCache,
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { call, type Input, type JsonRoute, type Output, type Stage } from "./client.ts";
import { useScope } from "./scope.ts";
import { signedOut } from "./session.ts";

/** One answer of the API, followed: loading, error or data, refreshed when an event says so. */
export type Answer<Data> = UseQueryResult<Data, Error>;

/** The cache of all answers. Events keep it fresh, so nothing is asked again by the clock. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof CausewayError && error.code === "UNAUTHENTICATED") signedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // The client itself repeats a call that found the server not ready.
        retry: false,
      },
    },
  });
}

/** Reads a route of a stage. The last data stay while the next are fetched. */
export function useAnswer<S extends Stage, Name extends JsonRoute<S>>(
  [stage, name]: readonly [S, Name],
  input: Input<S, Name>,
  options: { enabled?: boolean; everyMs?: number } = {},
): Answer<Output<S, Name>> {
  const scope = useScope();
  return useQuery({
    queryKey: [stage, name, scope, input],
    queryFn: () => call([stage, name], input, scope),
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    refetchInterval: options.everyMs ?? false,
  }) as Answer<Output<S, Name>>; // The placeholder keeps the type; the library widens it over an open generic.
}

/** Changes something by a route of a stage, then asks again for all that the stage shows. */
export function useAction<S extends Stage, Name extends JsonRoute<S>>([stage, name]: readonly [
  S,
  Name,
]): UseMutationResult<Output<S, Name>, Error, Input<S, Name>> {
  const scope = useScope();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (input: Input<S, Name>) => call([stage, name], input, scope),
    onSettled: () => cache.invalidateQueries({ queryKey: [stage] }),
  });
}
