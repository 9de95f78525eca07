// A real Prometheus, which scrapes what a sidecar would say of the calls that it takes.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { goBinary } from '../node/go-binary';
import type { GuardedProcesses } from '../node/guarded-processes';

const NAME = 'prometheus';
const READY_WITHIN_MS = 180_000;

/** A caller whose requests a sidecar counts. */
interface Caller {
  readonly name: string;
  readonly namespace: string;
  readonly security: 'mutual_tls' | 'none';
}

const SIDECAR = { namespace: 'shop', pod: 'catalog-6d4cf56db6-abcd1' };
const SERVER = { reporter: 'destination', destination_workload: 'catalog', destination_workload_namespace: 'shop', destination_service_name: 'catalog' };

/** The metrics of the sidecar of Deployment shop/catalog. */
class Exporter {
  readonly callers: Caller[] = [];
  private requests = 0;
  private readonly server: Server = createServer((_request, response) => {
    this.requests += 1;
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(this.text());
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private text(): string {
    const counted = this.callers.map(({ name, namespace, security }) => seriesOf('istio_requests_total', { ...SERVER, connection_security_policy: security, source_workload: name, source_workload_namespace: namespace }, this.requests));
    return [seriesOf('istio_build', { component: 'proxy' }, 1), ...counted].join('');
  }
}

function seriesOf(metric: string, labels: Readonly<Record<string, string>>, value: number): string {
  return `${metric}{${Object.entries({ ...labels, ...SIDECAR }).map(([label, text]) => `${label}="${text}"`).join(',')}} ${value}\n`;
}

export class Prometheus {
  /** Starts it with what it scrapes. It ends with the processes; `stop` ends what it scrapes. */
  static async start(processes: GuardedProcesses): Promise<Prometheus> {
    const exporter = new Exporter();
    try {
      const config = join(processes.folder, 'prometheus.json');
      writeFileSync(config, JSON.stringify({
        global: { scrape_interval: '1s', scrape_timeout: '1s' },
        scrape_configs: [{ job_name: 'sidecars', honor_labels: true, static_configs: [{ targets: [await exporter.start()] }] }],
      }));
      processes.start(NAME, goBinary('prometheus-server'), [`--config.file=${config}`, `--storage.tsdb.path=${join(processes.folder, 'tsdb')}`, '--web.listen-address=127.0.0.1:0']);
      const url = await eventually('it listens', () => listensAt(processes));
      await eventually('it is ready', () => isReady(url));
      return new Prometheus(url, exporter);
    } catch (error) {
      exporter.stop();
      throw error;
    }
  }

  /** @param url without a slash at its end */
  private constructor(readonly url: string, private readonly exporter: Exporter) {}

  /** Adds a caller, and waits until Prometheus has counted its calls in two scrapes. */
  async called(caller: Caller): Promise<void> {
    this.exporter.callers.push(caller);
    const query = `count_over_time(istio_requests_total{source_workload="${caller.name}",connection_security_policy="${caller.security}"}[1h]) > 1`;
    await eventually(`${caller.name} is counted`, async () => {
      const answer = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query })}`);
      const { data } = await answer.json() as { readonly data?: { readonly result: readonly unknown[] } };
      return data !== undefined && data.result.length > 0 || undefined;
    });
  }

  stop(): void {
    this.exporter.stop();
  }
}

/** The port that the system gave it, as it tells. */
async function listensAt(processes: GuardedProcesses): Promise<string | undefined> {
  processes.assertAlive();
  const [, address] = /msg="Listening on" .*?address=(127\.0\.0\.1:\d+)/.exec(processes.textOf(NAME)) ?? [];
  return address && `http://${address}`;
}

async function isReady(url: string): Promise<true | undefined> {
  const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
  return answer?.ok || undefined;
}

async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + READY_WITHIN_MS; ;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`Prometheus: ${what}: not so after ${READY_WITHIN_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
