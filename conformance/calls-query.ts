// What istio-mtls queries prints, asked of Prometheus' own engine over random histories of scrapes, and the
// answer read as plan --calls does: who called in the window must be found, nobody else, and a proxy that wasn't scraped for a
// part of it must show. Needs Go, and a compiled lib/.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { libraryModule } from './library';
import { goBinary } from './node/go-binary';
import { main } from './node/main';
import { seedOf } from '../exploration/seed';

/** In minutes. */
const WINDOW = 60;
/** The minute in which it is asked; one scrape a minute, the first at 0. */
const NOW = 200;
const START = NOW - WINDOW;

type Value = number | 'gone' | null;
/** The trust domain that some callers still have in the certificate. */
const OLD_NAME = 'old.example';

interface Series { readonly labels: Readonly<Record<string, string>>; readonly values: Value[] }

/** What a history must come to: callers that are certainly in the window, and those that may be, by an edge of a scrape. */
interface History {
  readonly series: readonly Series[];
  readonly called: ReadonlySet<string>;
  readonly mayCall: ReadonlySet<string>;
  /** The same for callers with a certificate of the old trust domain, encrypted or not. */
  readonly calledByOldName: ReadonlySet<string>;
  readonly mayCallByOldName: ReadonlySet<string>;
  /** Whether a proxy of the server was there at each step of the window. */
  readonly isWhole: boolean;
}

class Draw {
  constructor(private state: number) {}

  /** A whole number from 0 to `below`, exclusive. */
  below(below: number): number {
    this.state = (this.state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((this.state / 2 ** 32) * below);
  }
}

const METRICS = ['istio_requests_total', 'istio_request_messages_total', 'istio_response_messages_total', 'istio_tcp_connections_opened_total', 'istio_tcp_connections_closed_total'];

/** Pods of one server come and go, and clients call them now and then, in plaintext or not. */
function historyOf(draw: Draw): History {
  const series: Series[] = [];
  const [called, mayCall, calledByOldName, mayCallByOldName] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  const isScraped = Array.from({ length: NOW + 1 }, () => false);
  for (let pod = 0, from = 0; from <= NOW && pod < 4; pod++) {
    const until = draw.below(3) === 0 ? from + 20 + draw.below(120) : NOW + 1;
    const name = `web-6d4cf56db6-abcd${pod}`;
    series.push({ labels: { __name__: 'istio_build', component: 'proxy', namespace: 'shop', pod: name }, values: lived(from, until, () => 1) });
    for (let minute = from; minute < Math.min(until, NOW + 1); minute++) isScraped[minute] = true;
    for (const caller of ['a', 'b', 'c']) addCalls(draw, series, { pod: name, from, until, caller: `${caller}-${draw.below(4)}` }, { called, mayCall, calledByOldName, mayCallByOldName });
    // A new pod starts while the former one runs, or is late.
    from = until + draw.below(30) - 12;
  }
  // A step is every 5 minutes, and a sample holds for as long unless its series has ended.
  const steps = Array.from({ length: WINDOW / 5 }, (_, index) => START + 5 * (index + 1));
  return { series, called, mayCall, calledByOldName, mayCallByOldName, isWhole: steps.every((minute) => isScraped[minute]) };
}

interface Client { readonly pod: string; readonly from: number; readonly until: number; readonly caller: string }

function addCalls(
  draw: Draw, series: Series[], { pod, from, until, caller }: Client, { called, mayCall, calledByOldName, mayCallByOldName }: Readonly<Record<'called' | 'mayCall' | 'calledByOldName' | 'mayCallByOldName', Set<string>>>,
): void {
  const isPlain = draw.below(4) > 0;
  const metric = METRICS[draw.below(METRICS.length)];
  const time = (): number => from + (draw.below(4) === 0 ? 0 : draw.below(until - from));
  const drawn = Array.from({ length: draw.below(4) }, time).sort((one, other) => one - other);
  const [first] = drawn;
  if (first === undefined || first > NOW) return;
  // Its proxy may start anew in between, and counts from nothing then: what it counts before the next scrape may hide that.
  const restart = draw.below(3) === 0 ? first + 1 + draw.below(60) : undefined;
  const times = drawn.filter((one) => one !== restart);
  const values = lived(first, until, (minute) => {
    const since = restart !== undefined && minute >= restart ? restart : 0;
    const count = times.filter((one) => one <= minute && one >= since).length;
    return count === 0 ? null : count;
  });
  const labels = {
    __name__: metric,
    reporter: 'destination',
    connection_security_policy: isPlain ? 'none' : 'mutual_tls',
    source_principal: `spiffe://${isOldName(caller) ? OLD_NAME : 'oldXexample'}/ns/shop/sa/${caller}`,
    destination_principal: 'spiffe://new.example/ns/shop/sa/web',
    source_workload: caller,
    source_workload_namespace: 'shop',
    destination_workload: 'web',
    destination_workload_namespace: 'shop',
    destination_service_name: 'web',
    namespace: 'shop',
    pod,
  };
  series.push({ labels, values });
  if (isOldName(caller) && OLD_NAME_METRICS.includes(metric)) {
    if (restart === undefined && times.some((one) => one > START + 1 && one <= NOW)) calledByOldName.add(caller);
    if (times.some((one) => one > START - 6 && one <= NOW)) mayCallByOldName.add(caller);
  }
  if (!isPlain) return;
  const isOpen = metric === 'istio_tcp_connections_opened_total' && typeof values[NOW] === 'number';
  // What is counted in the very first scrape of the window may belong to the time before.
  if (isOpen || times.some((one) => one > START + 1 && one <= NOW)) called.add(caller);
  // A counter that is gone after a restart may have been there again.
  const isInterrupted = restart !== undefined && restart > START - 6 && restart < until;
  if (isOpen || isInterrupted || times.some((one) => one > START - 6 && one <= NOW)) mayCall.add(caller);
}

const OLD_NAME_METRICS = ['istio_requests_total', 'istio_tcp_connections_opened_total'];

function isOldName(caller: string): boolean {
  return /[02]$/.test(caller);
}

/** The values of a series while it is there, and that it ends. */
function lived(from: number, until: number, at: (minute: number) => Value): Value[] {
  const values = Array.from({ length: NOW + 1 }, (_, minute) => (minute >= from && minute < until ? at(minute) : null));
  return values.map((value, minute) => (value === null && minute > 0 && typeof values[minute - 1] === 'number' ? 'gone' : value));
}

/** The callers of an answer; none of one that isn't an answer would look as if nobody called. */
function callersIn(answer: string): ReadonlySet<string> {
  interface Sample { readonly metric: Readonly<Record<string, string>> }
  const { status, data } = JSON.parse(answer) as { readonly status: string; readonly data: { readonly result: readonly Sample[] } };
  if (status !== 'success') throw new Error(answer);
  return new Set(data.result.map(({ metric }) => metric.source_workload));
}

void main(() => {
  const { values } = parseArgs({ options: { histories: { type: 'string', default: '1000' }, seed: { type: 'string' } } });
  const seed = seedOf('calls-query', values.seed);
  const { callsQuery, measuredWindow, oldNameQuery, refusedQuery } = libraryModule('migration/calls-query');
  const { readMeasurement, scrapedPart } = libraryModule('migration/measurements');
  const draw = new Draw(seed);
  const all = Array.from({ length: Number(values.histories) }, () => historyOf(draw));
  const hour = measuredWindow('1h')!;
  const questions = [
    ...all.map(({ series }) => ({ query: callsQuery(hour), at: NOW * 60, interval: 60, series })),
    ...all.map(({ series }) => ({ query: oldNameQuery(OLD_NAME), at: NOW * 60, interval: 60, series })),
    ...['25h', '90d'].flatMap((text) => [callsQuery, refusedQuery].map((queryOf) => ({ query: queryOf(measuredWindow(text)!), at: NOW * 60, interval: 60, series: [] }))),
  ];
  const asked = spawnSync(goBinary('prometheus'), { input: questions.map((one) => JSON.stringify(one)).join('\n'), encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (asked.status !== 0) throw new Error(`prometheus: ${asked.stderr}`);
  const answers = asked.stdout.trim().split('\n');
  let failed = 0;
  const counts = { callers: 0, gaps: 0, oldNames: 0 };
  const fail = (index: number, text: string): void => {
    failed += 1;
    if (failed <= 5) console.log(`history ${index + 1}: ${text}\n${JSON.stringify(questions[index].series)}`);
  };
  for (const [index, answer] of answers.entries()) {
    const history = all[index];
    const named = all[index - all.length];
    if (named) {
      const found = callersIn(answer);
      counts.oldNames += named.calledByOldName.size;
      for (const caller of named.calledByOldName) if (!found.has(caller)) fail(index, `${caller} called by its old name and isn't found`);
      for (const caller of found) if (!named.mayCallByOldName.has(caller)) fail(index, `${caller} is found and didn't call by an old name`);
      continue;
    }
    if (!history) {
      if ((JSON.parse(answer) as { status: string }).status !== 'success') fail(index, answer);
      continue;
    }
    if (answer.includes('"status":"error"')) {
      fail(index, answer);
      continue;
    }
    const measurement = readMeasurement(answer, `answer ${index + 1}`, '1970-01-01');
    const found = new Set(measurement.calls.map(({ source }) => source?.name ?? 'unknown'));
    const isWhole = scrapedPart(measurement, { kind: 'Deployment', namespace: 'shop', name: 'web' }) >= 1;
    counts.callers += history.called.size;
    counts.gaps += history.isWhole ? 0 : 1;
    for (const caller of history.called) if (!found.has(caller)) fail(index, `${caller} called and isn't found`);
    for (const caller of found) if (!history.mayCall.has(caller)) fail(index, `${caller} is found and didn't call`);
    if (isWhole !== history.isWhole) fail(index, `the proxies were ${history.isWhole ? '' : 'not '}there throughout, and the answer says otherwise`);
  }
  console.log(`Prometheus' engine: ${all.length} histories with ${counts.callers} callers, ${counts.gaps} of them with gaps, and ${counts.oldNames} callers by an old name; ${failed} answers differ. Seed ${seed}.`);
  console.log(`${questions.length - failed} passed, ${failed} failed`);
  return failed > 0 || Object.values(counts).includes(0) ? 1 : 0;
});
