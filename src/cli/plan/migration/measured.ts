import { CalendarDate } from '../../../findings/acknowledgement';
import { Condition } from '../../../findings/condition';
import { numeral } from '../../../findings/numeral';
import { redactedValue } from '../../../findings/redacted-value';
import { DECLARED_CALLS } from '../../../manifests/kinds';
import { grouped } from '../../../mesh/collections';
import { idKey, nameOf, ObjectName, objectText } from '../../../mesh/inventory/object';
import { Blocker } from '../../../migration/blockers';
import { LostCall } from '../../../migration/callers';
import { MeasuredCalls, UndeclaredMeasurement, UnknownCallers } from '../../../migration/measured-servers';
import { Measurement, MeasurementError, readMeasurement } from '../../../migration/measurements';
import { Conditional } from '../../../migration/mesh-cases';
import { MeasuredMigration } from '../../../migration/migration';
import { workloadsIn } from '../../../migration/target';
import { Compared } from '../../comparison/compared';
import { readTextOf, unreadableSentence } from '../../input/read-text';
import { counted } from '../../output/printer';

/** Files with measured calls, and servers that may have unknown callers. */
export interface MeasuredFiles {
  readonly paths: readonly string[];
  readonly accepted: readonly string[];
  /** The day by which a file's age is judged. */
  readonly today: CalendarDate;
}

/** A client that could call and no longer can. */
export interface PossibleCaller {
  readonly client: ObjectName;
  /**
   * The number of calls that it could no longer make.
   *
   * @minimum 1
   */
  readonly calls: number;
  /** Where it can't: all of them hold. Missing if it can't in any case. */
  readonly if?: readonly Condition[];
}

/** A server that keeps its mode, because not all of its callers are known. */
export interface UnknownCallersOfServer {
  readonly server: ObjectName;
  /** Who sends it plaintext: `namespace/workload`, or `unknown`. */
  readonly callers: readonly string[];
  /** Known callers without a name in the metrics, who may be the unknown ones. */
  readonly maybe: readonly string[];
  /**
   * The share of the window in which one of its proxies was scraped; 1 or more: all of it.
   *
   * @type number
   */
  readonly scraped: number;
  /** Whether its calls are counted for certain: no Telemetry may prevent it. */
  readonly isCounted: boolean;
  /** Where its callers aren't all known: all of them hold. Missing if they aren't in any case. */
  readonly if?: readonly Condition[];
}

/** The result of measurements. */
export interface ReportedMeasurements {
  readonly files: readonly MeasuredFile[];
  /** Servers that keep their mode, because not all of their callers are known. */
  readonly unknown: readonly UnknownCallersOfServer[];
  /** Clients that could call and no longer can, but weren't seen calling, although all plaintext to their servers is known. */
  readonly unseen: readonly PossibleCaller[];
  /** The number of workloads that were seen calling or being called, but aren't in the manifests. */
  readonly foreign: number;
  /**
   * Measured calls of workloads that declare other calls with annotation `calls.istio-mtls/to`, each `shop/web → shop/orders`. Missing if
   * there are none.
   */
  readonly undeclared?: readonly string[];
}

/** A file of measurements. */
interface MeasuredFile {
  readonly path: string;
  /** @pattern ^[1-9]\d*[hdw]$ */
  readonly window: string;
  /**
   * When the window ended: `2026-01-01T06:00:00.000Z`.
   *
   * @format date-time
   */
  readonly until: string;
}

/**
 * Reads the files.
 *
 * @throws MeasurementError if a file can't be read or isn't Prometheus' answer to the query
 */
export function measurementsIn({ paths, today }: MeasuredFiles): readonly Measurement[] {
  return paths.map((path) => measurementIn(path, today));
}

/**
 * The measured calls, as a migration uses them.
 *
 * @throws UnknownScopeError if an accepted server isn't in the mesh
 */
export function measuredCalls(
  { accepted }: MeasuredFiles, measurements: readonly Measurement[], { mesh, documents }: Compared,
): MeasuredCalls {
  for (const server of accepted) workloadsIn(mesh, server, '--accept-unknown');
  return {
    measurements, accepted, telemetries: [...documents.keys()].filter((object) => (object as { kind?: unknown }).kind === 'Telemetry'),
  };
}

function measurementIn(path: string, today: CalendarDate): Measurement {
  const read = readTextOf(path);
  if ('problem' in read) throw new MeasurementError(`${path}: ${unreadableSentence(read.problem)}`);
  return readMeasurement(read.text, path, today);
}

/** Clients, each with the number of its calls; several times, if its calls are lost in different cases. */
export function reportedCallers(calls: readonly Conditional<LostCall>[]): readonly PossibleCaller[] {
  const clientAndCase = ({ client, if: conditions }: Conditional<LostCall>): string => JSON.stringify([idKey(client), conditions]);
  return [...grouped(calls, clientAndCase).values()].map(([{ client, if: conditions }, ...others]) => (
    redactedValue({ client: nameOf(client), calls: others.length + 1, ...conditions && { if: conditions } })));
}

/** The measurements in a migration's report. */
export function reportedMeasurements(
  { paths }: MeasuredFiles, measurements: readonly Measurement[], { unknown, unseen, foreign, undeclared }: MeasuredMigration,
  blockers: readonly Blocker[],
): ReportedMeasurements {
  return {
    files: measurements.map(({ window, at }, index) => ({ path: paths[index], window: window.text, until: new Date(at).toISOString() })),
    unknown: unknown.map((one) => reportedUnknown(one, blockers)),
    unseen: reportedCallers(unseen),
    foreign,
    ...undeclared.length > 0 && { undeclared: redactedValue(undeclared.map(pairText)) },
  };
}

function pairText({ source, destination }: UndeclaredMeasurement): string {
  return `${source.namespace}/${source.name} → ${destination.namespace}/${destination.name}`;
}

/** A caller without a sidecar has no name in the metrics. */
function reportedUnknown(
  { server, callers, scraped, isCounted, if: conditions }: Conditional<UnknownCallers>, blockers: readonly Blocker[],
): UnknownCallersOfServer {
  const nameless = callers.includes(undefined) ? blockers.filter((one) => one.server && idKey(one.server) === idKey(server)) : [];
  const maybe = nameless.flatMap(({ client }) => {
    if (typeof client === 'string') return [client];
    return client.proxy.encrypts === false ? [objectText(client)] : [];
  });
  const names = callers.map((one) => (one ? `${one.namespace}/${one.name}` : 'unknown'));
  return redactedValue({
    server: nameOf(server), callers: names, maybe: [...new Set(maybe)], scraped, isCounted, ...conditions && { if: conditions },
  });
}

/** Why a server keeps its mode. */
export function unknownText({ callers, maybe, scraped, isCounted }: UnknownCallersOfServer, { files }: ReportedMeasurements): string {
  const named = callers.filter((one) => one !== 'unknown');
  const windows = [...new Set(files.map(({ window }) => window))].join(', ');
  return [
    ...named.length > 0
      ? [`${named.join(', ')} ${named.length === 1 ? 'sends' : 'send'} it plaintext for reasons that no manifest shows`]
      : [],
    ...named.length < callers.length
      ? [`unidentified callers send it plaintext${maybe.length > 0 ? `, possibly ${maybe.join(', ')}` : ''}`]
      : [],
    ...scraped < 1
      ? [scraped === 0 ? 'none of its proxies was scraped' : `its proxies were scraped for ${Math.floor(scraped * 100)} % of ${windows}`]
      : [],
    ...isCounted ? [] : ['a Telemetry changes its metrics'],
  ].join('; ');
}

/**
 * `Measured, not declared (calls.istio-mtls/to): shop/web → shop/orders`; empty if every measured call is declared.
 *
 * @param most how many are named
 */
export function undeclaredText({ undeclared = [] }: ReportedMeasurements, most: number): string {
  if (undeclared.length === 0) return '';
  const more = undeclared.length > most ? ` and ${numeral(undeclared.length - most)} more` : '';
  return `Measured, not declared (${DECLARED_CALLS}): ${undeclared.slice(0, most).join(', ')}${more}.`;
}

/** The measured window, and the number of workloads in it that the manifests don't have. */
export function measuredText({ files, foreign }: ReportedMeasurements): string {
  const told = files.map(({ path, window, until }) => `${path}, ${window} until ${until}`).join('; ');
  if (foreign === 0) return `Measured: ${told}.`;
  return `Measured: ${told}. ${counted(foreign, 'workload')} of it ${foreign === 1 ? 'isn\'t' : 'aren\'t'} in these manifests.`;
}
