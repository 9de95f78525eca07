import { MeasuredWindow, measuredWindow, PARTS, POD_NAMES } from './calls-query';
import { CalendarDate } from '../findings/acknowledgement';
import { isMapping, Mapping, mapping, text } from '../manifests/mapping';
import { SourceText } from '../manifests/source-text';
import { UnreadableText } from '../manifests/yaml/events';
import { JsonStream } from '../manifests/yaml/json';
import { Values } from '../manifests/yaml/values';
import { ObjectName } from '../mesh/inventory/object';

/** A workload as named in Istio's metrics, which don't include its kind. */
export type MeasuredWorkload = Pick<ObjectName, 'namespace' | 'name'>;

/** Plaintext that a server's proxy received. */
export interface MeasuredCall {
  /** Undefined if unknown, as for all callers without a sidecar. */
  readonly source?: MeasuredWorkload;
  readonly destination: MeasuredWorkload;
  /** Whether it went to a port of a service, according to the proxy. */
  readonly isToService: boolean;
}

/** The measurements of one Prometheus. */
export interface Measurement {
  readonly window: MeasuredWindow;
  /** When its window ended, in milliseconds since 1970. */
  readonly at: number;
  readonly calls: readonly MeasuredCall[];
  /** The part of the window, from 0 to 1, in which proxies were scraped, by pod name suffix, namespace and workload name. */
  readonly scraped: ReadonlyMap<string, number>;
}

/** The file isn't a result of the query, or an incomplete one. */
export class MeasurementError extends Error {}

/** The value in Istio's metrics for what a proxy doesn't know. */
const UNKNOWN = 'unknown';
/** The cluster of calls to ports that no service has. */
const PASSTHROUGH = /^InboundPassthroughCluster/;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FETCH = 'Fix: fetch it again as described in istio-mtls plan --help';

/**
 * Reads the response of Prometheus' HTTP API to the query.
 *
 * @param today the day, in UTC, by which a measurement's age is judged
 * @throws MeasurementError if it isn't a complete result of the query, or is older than its own window
 */
export function readMeasurement(json: string, file: string, today: CalendarDate): Measurement {
  const samples = samplesOf(parsed(json, file), file);
  const { window, at } = markerOf(samples, file);
  const age = Date.parse(`${today}T00:00:00Z`) - at;
  const when = new Date(at).toISOString();
  if (age > window.seconds * 1_000) {
    throw refused(file, 'data.result', `was measured at ${when}`, `a time within ${window.text}, its window, before ${today}`);
  }
  if (age < -DAY - HOUR) throw refused(file, 'data.result', `was measured at ${when}`, `no later than ${today}`);
  const calls = samples.filter(({ part }) => part === PARTS.call).map((sample) => callOf(sample, file));
  const proxies = samples.filter(({ part, labels }) => part === PARTS.proxy && labels.workload !== undefined);
  const scraped = new Map(proxies.map(({ labels, value }) => [scrapedKey(labels.pods, labels), value]));
  return { window, at, calls, scraped };
}

/** The part of the window in which some proxy of a workload was scraped; also 0 for kinds whose pods can't be recognized by name. */
export function scrapedPart({ scraped }: Measurement, { kind, namespace, name }: ObjectName): number {
  const ending = POD_NAMES.find(({ kinds }) => kinds.includes(kind))?.ending;
  return scraped.get(scrapedKey(ending, { namespace, workload: name })) ?? 0;
}

function scrapedKey(ending: string | undefined, { namespace, workload }: Readonly<Record<string, string>>): string {
  return JSON.stringify([ending, namespace, workload]);
}

/** One sample of the result. */
interface Sample {
  /** Its place, such as `data.result[3]`. */
  readonly path: string;
  readonly part: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** Errors only state the position at which the text stops being JSON, and quote nothing. */
function parsed(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    const { line, column } = new SourceText(json).placeOf(endOfJson(json));
    throw new MeasurementError(`${file}:${line + 1}:${column + 1}: not JSON; expected a response of Prometheus' HTTP API. ${FETCH}.`);
  }
}

function endOfJson(json: string): number {
  const stream = new JsonStream(json);
  try {
    stream.read(new Values());
  } catch (error) {
    if (error instanceof UnreadableText) return error.at;
    throw error;
  }
  return stream.at;
}

function samplesOf(answer: unknown, file: string): readonly Sample[] {
  const { status, data, warnings } = mapping(answer);
  if (status !== 'success') throw refused(file, 'status', `is ${shownText(status)}`, 'success');
  if (Array.isArray(warnings) && warnings.length > 0) throw refused(file, 'warnings', 'say that the result may be incomplete', 'none');
  const { resultType, result } = mapping(data);
  if (resultType !== 'vector') throw refused(file, 'data.resultType', `is ${shownText(resultType)}`, 'vector, as api/v1/query returns');
  if (!Array.isArray(result)) throw refused(file, 'data.result', 'isn\'t a list', 'a list of samples');
  const known = new Set<string>();
  return result.map((one, index) => {
    const path = `data.result[${index}]`;
    const sample = sampleOf(one, path, file);
    const key = JSON.stringify(Object.entries(sample.labels).sort());
    if (known.has(key)) throw refused(file, path, 'has the same labels as an earlier sample', 'unique labels');
    known.add(key);
    return sample;
  });
}

function sampleOf(one: unknown, path: string, file: string): Sample {
  const { metric, value } = mapping(one);
  const labels = isMapping(metric) ? metric : {};
  if (!isMapping(metric) || Object.values(labels).some((label) => typeof label !== 'string')) {
    throw refused(file, `${path}.metric`, 'isn\'t a mapping of labels', 'one');
  }
  const [time, number] = Array.isArray(value) ? value as unknown[] : [];
  const amount = typeof number === 'string' && number !== '' ? Number(number) : NaN;
  if (typeof time !== 'number' || Number.isNaN(new Date(time * 1_000).getTime())) {
    throw refused(file, `${path}.value`, 'has no time', 'the time and value of a sample');
  }
  if (!Number.isFinite(amount) || amount < 0) throw refused(file, `${path}.value`, `is ${shownText(number)}`, 'a finite number, 0 or more');
  return { path, part: text(labels.istio_mtls) ?? '', labels: present(labels), at: time * 1_000, value: amount };
}

/** To Prometheus, an empty label is absent. */
function present(labels: Mapping): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels as Record<string, string>).filter(([, value]) => value !== ''));
}

/** The sample that identifies a complete result of the query: all others must have its window and time. */
function markerOf(samples: readonly Sample[], file: string): { readonly window: MeasuredWindow; readonly at: number } {
  const marker = samples.find(({ part }) => part === PARTS.query);
  const window = measuredWindow(marker?.labels.window ?? '');
  if (!marker || !window) {
    throw refused(file, 'data.result', 'isn\'t a result of the query',
      'the unchanged query that istio-mtls queries plaintext of this version prints');
  }
  for (const { path, part, labels, at } of samples) {
    if (!Object.values<string>(PARTS).includes(part)) throw refused(file, path, 'isn\'t a result of the query', 'the query as printed');
    if (labels.window !== window.text || at !== marker.at) {
      throw refused(file, path, 'has another window or time', `those of ${marker.path}`);
    }
  }
  return { window, at: marker.at };
}

function callOf({ labels, path }: Sample, file: string): MeasuredCall {
  const { destination_service_name: service } = labels;
  const destination = workloadOf('destination');
  if (!destination) {
    throw refused(file, `${path}.metric`, 'doesn\'t name the server',
      'destination_workload and its namespace, which a Telemetry may remove');
  }
  return {
    source: workloadOf('source'), destination, isToService: service !== undefined && service !== UNKNOWN && !PASSTHROUGH.test(service),
  };

  function workloadOf(side: string): MeasuredWorkload | undefined {
    const [name, namespace] = [labels[`${side}_workload`], labels[`${side}_workload_namespace`]];
    return [name, namespace].some((one) => one === undefined || one === UNKNOWN) ? undefined : { namespace, name };
  }
}

function refused(file: string, path: string, actual: string, expected: string): MeasurementError {
  return new MeasurementError(`${file}: ${path} ${actual}; expected ${expected}. ${FETCH}.`);
}

/** A word of the file, only if it is a plain word: the file may contain anything. */
function shownText(value: unknown): string {
  return typeof value === 'string' && /^[\w.+-]{1,40}$/.test(value) ? value : 'something else';
}
