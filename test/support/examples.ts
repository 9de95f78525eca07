import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as library from '../../src';

const { CaSource, ClientTls, MtlsMode } = library;

/** One of each construct, by its name. */
export const EXAMPLES: Record<string, (chart: Chart) => Construct> = {
  Acknowledgement: (chart) => new library.Acknowledgement(new library.StrictMeshMtls(chart, 'strict'), 'it', { code: 'MTLS208', reason: 'in March' }),
  CustomCa: (chart) => new library.CustomCa(chart, 'it', { source: CaSource.certManager({ issuer: 'company' }) }),
  Destination: (chart) => destination(chart),
  IstioCsr: (chart) => new library.IstioCsr(chart, 'it', { ownCa: {}, revisions: ['default', '1-31'] }),
  IstiodMonitor: (chart) => new library.IstiodMonitor(chart, 'it', { labels: { b: '2', a: '1' } }),
  MeshConfig: (chart) => new library.MeshConfig(chart, 'it', { trustDomain: 'mesh', accessLogFile: '/dev/stdout' }),
  MeshMtls: (chart) => new library.MeshMtls(chart, 'it', { mode: MtlsMode.PERMISSIVE }),
  MtlsAlerts: (chart) => new library.MtlsAlerts(chart, 'it', { plaintext: { exceptNamespaces: ['b', 'a'] } }),
  NamespaceOverride: (chart) => new library.NamespaceOverride(chart, 'it', { mode: MtlsMode.STRICT }),
  SidecarMonitor: (chart) => new library.SidecarMonitor(chart, 'it', { podNamespaces: ['b', 'a'] }),
  StrictMeshMtls: (chart) => new library.StrictMeshMtls(chart, 'it', { clientTls: { exceptHosts: ['b.c.svc.cluster.local', 'a.c.svc.cluster.local'] } }),
  SubsetRoute: (chart) => destination(chart).routeTo('v1'),
  WorkloadOverride: (chart) => new library.WorkloadOverride(chart, 'it', { labels: { b: '2', a: '1' }, mode: MtlsMode.STRICT }),
};

function destination(chart: Chart): library.Destination {
  return new library.Destination(chart, 'it', { host: 'a.shop.svc.cluster.local', tls: ClientTls.istioMutual(), subsets: [{ name: 'v1', labels: { v: '1' } }] });
}
