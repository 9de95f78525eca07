// The queries of a runbook, as Prometheus' own parser reads them, held to the metrics and labels that Istio has.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { istioModule } from '../generators/objects/samples';
import { goBinary } from '../node/go-binary';

/** A metric, and the labels that a query goes by. */
export interface Selector { readonly metric: string; readonly labels: readonly string[] }

/** What Prometheus' parser makes of a query. */
interface Reading { readonly error?: string; readonly selectors: readonly Selector[] }

/** What counts, and which files of the module istio.io/istio say so. */
interface Component {
  readonly prefix: string;
  /** What the metric's name begins with where Istio's sources define it. */
  readonly definedPrefix: string;
  readonly metrics: string;
  /** Undefined: labels of the data plane, which the dashboards go by. */
  readonly labels?: string;
}

const [TELEMETRY, AGENT, CA] = ['pilot/pkg/model/telemetry.go', 'security/pkg/nodeagent/cache/monitoring.go', 'security/pkg/server/ca/monitoring.go'];
/** The first whose prefix a metric has. */
const COMPONENTS: readonly Component[] = [
  { prefix: 'istio_agent_', definedPrefix: '', metrics: AGENT, labels: AGENT },
  { prefix: 'citadel_server_', definedPrefix: 'citadel_server_', metrics: CA, labels: CA },
  { prefix: 'istio_', definedPrefix: '', metrics: TELEMETRY },
];
/** Where the agent puts the prefix before its metrics. */
const AGENT_SERVER = 'pilot/cmd/pilot-agent/status/server.go';
const DASHBOARDS = 'manifests/addons/dashboards';
const PROMETHEUS = 'samples/addons/prometheus.yaml';

/** The queries of a page's blocks. */
export function queriesIn(page: string): readonly string[] {
  return [...page.matchAll(/^```promql\n([^]*?)^```$/gm)].map(([, block]) => block.trim());
}

/** A metric with its labels: `istio_requests_total by reporter`. */
export function selectorText({ metric, labels }: Selector): string {
  return labels.length === 0 ? metric : `${metric} by ${labels.join(', ')}`;
}

/** What Prometheus' parser makes of queries. */
export function readingsOf(queries: readonly string[]): readonly Reading[] {
  const { status, stdout, stderr } = spawnSync(goBinary('prometheus'), ['read'], { input: queries.map((query) => JSON.stringify(query)).join('\n'), encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`prometheus: ${stderr}`);
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as Reading);
}

/** What Istio's sources and dashboards name. */
export class KnownMetrics {
  private readonly texts = new Map<string, string>();
  private readonly dataPlane: ReadonlySet<string>;
  private readonly scraped: ReadonlySet<string>;

  constructor(private readonly folder = istioModule().Dir) {
    const dashboards = readdirSync(join(folder, DASHBOARDS)).filter((name) => name.endsWith('.json')).map((name) => this.text(`${DASHBOARDS}/${name}`)).join('\n');
    this.dataPlane = new Set([...dashboards.matchAll(/\b([a-z_]+)(?:=~|!=|!~|=)\\"/g)].map(([, label]) => label));
    this.scraped = new Set([...this.text(PROMETHEUS).matchAll(/target_label: (\w+)/g)].map(([, label]) => label));
  }

  /** Why Istio has no such metric or label; undefined: it has. */
  faultOf({ metric, labels }: Selector): string | undefined {
    const component = COMPONENTS.find(({ prefix }) => metric.startsWith(prefix));
    if (!component) return `${metric} is of no part of Istio`;
    if (component.prefix === 'istio_agent_' && !this.text(AGENT_SERVER).includes(`"${component.prefix}"`)) return `the agent's metrics don't begin with ${component.prefix}`;
    const defined = component.definedPrefix + metric.slice(component.prefix.length);
    if (!this.text(component.metrics).includes(`"${defined}"`)) return `${component.metrics} has no "${defined}"`;
    const unknown = labels.find((label) => !this.scraped.has(label) && !this.hasLabel(component, label));
    return unknown === undefined ? undefined : `${metric} has no label ${unknown}`;
  }

  private hasLabel({ labels }: Component, label: string): boolean {
    return labels === undefined ? this.dataPlane.has(label) : this.text(labels).includes(`"${label}"`);
  }

  private text(path: string): string {
    let text = this.texts.get(path);
    if (text === undefined) this.texts.set(path, text = readFileSync(join(this.folder, path), 'utf8'));
    return text;
  }
}
