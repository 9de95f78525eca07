// What documented lines need beside files: a cluster, a Prometheus, and GitLab's API.
import type { DocumentedLine } from './lines';
import { MergeRequestNotes } from './merge-request-notes';
import { Prometheus } from './prometheus';
import { clusterObjects, filesOfCa } from './shop';
import { Site } from './site';
import { startControlPlane, type ControlPlane } from '../node/control-plane';
import { installCrds, istioCrds } from '../node/crds';
import { KubeClient } from '../node/kube-client';

export interface Surroundings {
  readonly site: Site;
  readonly prometheus: Prometheus;
  readonly notes: MergeRequestNotes;
  readonly notesUrl: string;
}

/** Starts what lines need, and ends it whatever happens. */
export async function surrounded<T>(lines: readonly DocumentedLine[], work: (surroundings: Surroundings) => Promise<T>): Promise<T> {
  const controlPlane = await startControlPlane();
  const notes = new MergeRequestNotes();
  let prometheus: Prometheus | undefined;
  try {
    prometheus = await Prometheus.start(controlPlane.processes);
    const site = await siteOf(controlPlane, lines);
    return await work({ site, prometheus, notes, notesUrl: await notes.start() });
  } finally {
    prometheus?.stop();
    notes.stop();
    await controlPlane.processes.stop();
  }
}

/** The folder, with what the cluster holds in the two files that lines read beside a change. */
async function siteOf({ connection, processes }: ControlPlane, lines: readonly DocumentedLine[]): Promise<Site> {
  const client = new KubeClient(connection);
  try {
    await installCrds(client, istioCrds());
  } finally {
    client.close();
  }
  const site = new Site(connection, processes.folder);
  const newCa = Object.fromEntries(Object.entries(filesOfCa('new root')).map(([name, text]) => [`new-ca/${name}`, text]));
  site.write({ ...newCa, 'objects.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: clusterObjects() }) });
  await site.must('kubectl apply -f objects.json');
  const dump = lines.find(({ text }) => text.startsWith('kubectl get ') && text.endsWith(' > cluster.yaml'));
  if (!dump) throw new Error('no page has a line that writes cluster.yaml; expected one of kubectl get');
  await site.must(dump.text);
  await site.must('istio-mtls snapshot > cluster.json');
  return site;
}
