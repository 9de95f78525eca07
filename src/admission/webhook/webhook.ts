import { ISTIO_KINDS } from '../istio-kinds';
import { entries } from '../metadata/labels-and-annotations';
import { Objection } from '../objection';
import { judgeOf } from './judges';
import { withoutNulls } from './nulls';

const SPECS = new Map(ISTIO_KINDS.map(({ kind, schema }) => [kind, schema.properties?.spec]));

/** What istiod's validating webhook refuses or warns about beyond the CRD and the metadata, for any kind of Istio's. */
export function webhookObjections(kind: string, { metadata, spec }: any): Objection[] {
  const judge = judgeOf(kind);
  return judge ? judge({ metadata: decodable(metadata), spec: withoutNulls(spec ?? {}, SPECS.get(kind)) }) : [];
}

/** What the webhook reads of metadata, without what isn't of its type: that is told by metadata/. */
function decodable(metadata: any): object {
  const { name, generateName, namespace, labels, annotations } = metadata ?? {};
  return { name: text(name), generateName: text(generateName), namespace: text(namespace), labels: texts(labels), annotations: texts(annotations) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(map: unknown): Record<string, unknown> {
  return Object.fromEntries(entries(map).filter(([, value]) => typeof value === 'string'));
}
