import { compareTexts } from '../inventory/object';
import { destinationOf, losesCopies, Path, serverKey, serverOf, transportOf } from '../model/path';
import { Outcome, worst } from '../model/transport';
import { endpointOwner } from '../services/endpoint';

/** Where connections of a call end. */
export interface Place {
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
export function placeKey(path: Path): string {
  const { host, port } = destinationOf(path);
  return hasServer(path) ? serverKey(serverOf(path).endpoint) : `${host}:${port}`;
}

/** The address that a path leads to, where no object in the manifests has it. */
export function addressKey(path: Path): string {
  return hasServer(path) ? '' : serverKey(serverOf(path).endpoint);
}

/** A key that is equal for places with equal outcomes and addresses. */
export function placeResult({ key, path, addresses }: Place): string {
  return [key, pathOutcome(path), ...[...addresses].sort()].join(' ');
}

export function areSamePlaces(one: Place, other: Place): boolean {
  return placeResult(one) === placeResult(other);
}

/** The places that paths lead to. Lost copies of requests aren't connections. */
export function placesIn(paths: readonly Path[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place & { readonly addresses: Set<string> }>();
  for (const path of paths) {
    if (losesCopies(path)) continue;
    const key = placeKey(path);
    const other = places.get(key);
    const isWorse = other && worst([transportOf(other.path), transportOf(path)]) === transportOf(path);
    const addresses = (other?.addresses ?? new Set()).add(addressKey(path));
    places.set(key, { key, path: !other || isWorse ? path : other.path, addresses });
  }
  return places;
}

type PathPair = readonly [before: Path | undefined, after: Path | undefined];
type Places = ReadonlyMap<string, Place>;

/** Pairs the places. If a call loses its last server or gains its first, each server's connection is such a change. */
export function differences(former: Places, latter: Places): readonly PathPair[] {
  const pairs: (readonly [Place | undefined, Place | undefined])[] = [];
  for (const [key, place] of former) if (latter.has(key)) pairs.push([place, latter.get(key)]);
  const lost = [...former].filter(([key]) => !latter.has(key)).map(([, place]) => place);
  const gained = [...latter].filter(([key]) => !former.has(key)).map(([, place]) => place);
  const [nowhere, nowhereYet] = [nowhereIn(gained), nowhereIn(lost)];
  if (nowhere && lost.length > 0) {
    for (const place of lost) pairs.push([place, nowhere]);
    for (const place of gained) if (place !== nowhere) pairs.push([nowhereYet, place]);
  } else {
    for (const place of lost) if (place !== nowhereYet || gained.length === 0) pairs.push([place, undefined]);
    for (const place of gained) pairs.push([nowhereYet, place]);
  }
  return pairs.flatMap(([before, after]): readonly PathPair[] => {
    if (!before || !after || pathOutcome(before.path) !== pathOutcome(after.path)) return [[before?.path, after?.path]];
    // The outcome is the same elsewhere.
    return areSamePlaces(before, after) ? [] : [[before.path, undefined]];
  });
}

/** The first place without a server, by its host's name, since the order of paths differs between clients. */
function nowhereIn(places: readonly Place[]): Place | undefined {
  return places.filter(({ path }) => !hasServer(path)).sort((one, other) => compareTexts(one.key, other.key))[0];
}

/** Whether a path ends at an object in the manifests. */
function hasServer(path: Path): boolean {
  const { endpoint } = serverOf(path);
  return endpoint !== undefined && endpointOwner(endpoint) !== undefined;
}
