import { BranchedConnection } from './branches';
import { Case, casesOf } from './cases';
import { Connection, connectionOf } from '../calls/connections';
import { TracedConnection, tracedConnectionOf, TracedHop } from '../calls/traced-connection';
import { ObjectId } from '../inventory/object';
import { Path, transportOf } from '../model/path';
import { CallOfClient, reasonsOf } from '../reasons/reasons';
import { rendered, ReasonText } from '../reasons/render';
import { missingOf } from '../workloads/missing-injection';

/** A path of a client's call in one world. */
export interface PathInWorld {
  readonly caller: CallOfClient;
  readonly path: Path;
}

/** The paths of a call that has the same outcome in all worlds, as they are with certain values of missing facts: one for each world. */
export type PathCase = Case<readonly PathInWorld[]>;

interface Destination {
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
}

/** What the paths of a call are in each case. A single case: they are the same in all of them, or differ by other facts than its ends'. */
export function pathCasesOf({ everywhere, facts }: BranchedConnection, like: PathInWorld): readonly PathCase[] {
  const result = resultOf(like.path);
  const worlds = everywhere.map(({ caller, paths, facts: holding }) => {
    const taken = paths.filter((path) => resultOf(path) === result).map((path): PathInWorld => ({ caller, path }));
    return { facts: holding, taken, texts: taken.map(textOf).sort() };
  });
  const own = worlds[0].texts.join();
  if (worlds.every(({ texts }) => texts.join() === own)) return [{ conditions: [], value: [like] }];
  const cases = casesOf(worlds, facts, {
    of: (some) => ({ taken: some.flatMap(({ taken }) => taken), text: [...new Set(some.flatMap(({ texts }) => texts))].sort().join() }),
    text: ({ text }) => text,
    both: ({ taken, text }, others) => ({ taken: [...taken, ...others.taken], text }),
  });
  const [first, ...others] = cases.map(({ conditions, value: { taken } }): PathCase => ({ conditions, value: taken }));
  return [first, ...others];
}

function resultOf(path: Path): string {
  const { outcome, undecidedBecause = '' } = transportOf(path);
  return `${outcome} ${undecidedBecause}`;
}

function textOf({ caller, path }: PathInWorld): string {
  return JSON.stringify(tracedConnectionOf(caller, path).hops);
}

/**
 * The connection by the first path, with what all paths have in common: they have the same ends. That a proxy isn't known stays a reason
 * of the first path.
 */
export function connectionOfAll([own, ...others]: readonly PathInWorld[]): Connection {
  const first = connectionOf(own.caller, own.path);
  if (others.length === 0) return first;
  const all = [first, ...others.map(({ caller, path }) => connectionOf(caller, path))];
  return {
    ...first,
    service: destinationOfAll(all.map(({ service }) => service), { namespace: '', name: '', ...first.requested }),
    ...endsOfAll(all),
    because: inAll(all.map(({ because }) => because), unknownProxies(own)),
  };
}

/** The same hop by hop. */
export function tracedOfAll([own, ...others]: readonly PathInWorld[]): TracedConnection {
  const first = tracedConnectionOf(own.caller, own.path);
  if (others.length === 0) return first;
  const all = [first, ...others.map(({ caller, path }) => tracedConnectionOf(caller, path))];
  const unknown = unknownProxies(own);
  const hops = first.hops.map((_, index) => hopOfAll(all.map((one) => one.hops[index]), first.requested, unknown));
  return { ...first, hops, transport: { ...first.transport, because: hops.flatMap(({ transport: { because } }) => because) } };
}

function hopOfAll(hops: readonly TracedHop[], requested: TracedConnection['requested'], unknown: ReadonlySet<string>): TracedHop {
  const [first] = hops;
  const destination = destinationOfAll(hops.map((hop) => hop.destination), { ...requested, service: null });
  const isSame = first.transport.outcome === 'undecided' || hops.every(({ transport: { outcome } }) => outcome === first.transport.outcome);
  const because = inAll(hops.map(({ transport }) => transport.because), unknown);
  const transport: TracedHop['transport'] = isSame ? { ...first.transport, because } : { outcome: 'undecided', because };
  return { ...first, destination, ...endsOfAll(hops), transport };
}

function endsOfAll(all: readonly Pick<TracedHop, 'clientTls' | 'serverMode'>[]): Pick<TracedHop, 'clientTls' | 'serverMode'> {
  const [{ clientTls, serverMode }] = all;
  return {
    clientTls: all.every((one) => one.clientTls === clientTls) ? clientTls : 'UNKNOWN',
    serverMode: all.every((one) => one.serverMode === serverMode) ? serverMode : 'UNKNOWN',
  };
}

/** The requested host and port stand for those that differ; a subset that differs is omitted. */
function destinationOfAll<T extends Destination>(all: readonly T[], requested: T): T {
  const [{ port, subset }] = all;
  const services = all.map(({ port: _, subset: __, ...service }) => service);
  if (!areEqual(services.map((one) => JSON.stringify(one)))) return requested;
  const isSubset = subset !== undefined && areEqual(all.map((one) => one.subset));
  return { ...services[0], port: areEqual(all.map((one) => one.port)) ? port : requested.port, ...isSubset && { subset } } as T;
}

function areEqual(values: readonly (string | number | undefined)[]): boolean {
  return new Set(values).size === 1;
}

/** The reasons that all have, and those of the first that are `unknown`. */
function inAll<T extends ReasonText>([first, ...others]: readonly (readonly T[])[], unknown: ReadonlySet<string>): readonly T[] {
  const known = others.map((reasons) => new Set(reasons.map((reason) => JSON.stringify(reason))));
  return first.filter((reason) => unknown.has(reason.effect) || known.every((texts) => texts.has(JSON.stringify(reason))));
}

/** The effects of reasons that say why it isn't known whether a client or a server has a sidecar. */
function unknownProxies({ caller, path }: PathInWorld): ReadonlySet<string> {
  const ends = [caller.client, ...path.hops.flatMap(({ received: { endpoint } }) => endpoint?.workload ?? [])];
  const lacking = new Set<ObjectId>(ends.filter(missingOf).map(({ object }) => object));
  const reasons = reasonsOf(path, caller).filter(({ kind, at: { object } }) => kind === 'injection' && lacking.has(object));
  return new Set(reasons.map((reason) => rendered(reason).effect));
}
