import { compareTexts } from '../inventory/object';
import { destinationOf, losesCopies, Path, serverKey, serverOf, transportOf } from '../model/path';
import { Outcome, worst } from '../model/transport';
import { endpointOwner } from '../services/endpoint';

/** The server or host where connections of a call end. */
export interface Arrival {
  readonly key: string;
  /** The worst path to it. */
  readonly path: Path;
  /** Of a host: the addresses that all paths to it lead to. */
  readonly addresses: ReadonlySet<string>;
}

export function pathOutcome(path: Path): Outcome {
  return transportOf(path).outcome;
}

/** The end of a path: a server in the manifests, or a host. */
export function arrivalKey(path: Path): string {
  const { host, port } = destinationOf(path);
  return hasServer(path) ? serverKey(serverOf(path).endpoint) : `${host}:${port}`;
}

/** The address that a path leads to, where no object in the manifests has it. */
export function unheldAddress(path: Path): string {
  return hasServer(path) ? '' : serverKey(serverOf(path).endpoint);
}

/** A key that is equal for arrivals with equal outcomes and addresses. */
export function arrivalResult({ key, path, addresses }: Arrival): string {
  return [key, pathOutcome(path), ...[...addresses].sort()].join(' ');
}

export function areSameArrivals(one: Arrival, other: Arrival): boolean {
  return arrivalResult(one) === arrivalResult(other);
}

/** The arrivals that paths lead to. Lost copies of requests aren't connections. */
export function arrivalsIn(paths: readonly Path[]): ReadonlyMap<string, Arrival> {
  const arrivals = new Map<string, Arrival & { readonly addresses: Set<string> }>();
  for (const path of paths) {
    if (losesCopies(path)) continue;
    const key = arrivalKey(path);
    const other = arrivals.get(key);
    const isWorse = other && worst([transportOf(other.path), transportOf(path)]) === transportOf(path);
    const addresses = (other?.addresses ?? new Set()).add(unheldAddress(path));
    arrivals.set(key, { key, path: !other || isWorse ? path : other.path, addresses });
  }
  return arrivals;
}

type PathPair = readonly [before: Path | undefined, after: Path | undefined];
type Arrivals = ReadonlyMap<string, Arrival>;

/** Pairs the arrivals. If a call loses its last server or gains its first, each server's connection is such a change. */
export function differences(former: Arrivals, latter: Arrivals): readonly PathPair[] {
  const pairs: (readonly [Arrival | undefined, Arrival | undefined])[] = [];
  for (const [key, arrival] of former) if (latter.has(key)) pairs.push([arrival, latter.get(key)]);
  const lost = [...former].filter(([key]) => !latter.has(key)).map(([, arrival]) => arrival);
  const gained = [...latter].filter(([key]) => !former.has(key)).map(([, arrival]) => arrival);
  const [nowhere, nowhereYet] = [nowhereIn(gained), nowhereIn(lost)];
  if (nowhere && lost.length > 0) {
    for (const arrival of lost) pairs.push([arrival, nowhere]);
    for (const arrival of gained) if (arrival !== nowhere) pairs.push([nowhereYet, arrival]);
  } else {
    for (const arrival of lost) if (arrival !== nowhereYet || gained.length === 0) pairs.push([arrival, undefined]);
    for (const arrival of gained) pairs.push([nowhereYet, arrival]);
  }
  return pairs.flatMap(([before, after]): readonly PathPair[] => {
    if (!before || !after || pathOutcome(before.path) !== pathOutcome(after.path)) return [[before?.path, after?.path]];
    // The outcome is the same elsewhere.
    return areSameArrivals(before, after) ? [] : [[before.path, undefined]];
  });
}

/** The first arrival without a server, by its host's name, since the order of paths differs between clients. */
function nowhereIn(arrivals: readonly Arrival[]): Arrival | undefined {
  return arrivals.filter(({ path }) => !hasServer(path)).sort((one, other) => compareTexts(one.key, other.key))[0];
}

/** Whether a path ends at an object in the manifests. */
function hasServer(path: Path): boolean {
  const { endpoint } = serverOf(path);
  return endpoint !== undefined && endpointOwner(endpoint) !== undefined;
}
