import { Faults, Fields, TextRule } from './fields';
import { isDnsSubdomain } from '../admission/metadata/kubernetes-names';
import { scopeOf } from '../manifests/known-kinds';
import { groupKind, WorkloadKind } from '../manifests/workload-kinds';

const NAMES = ['group', 'kind', 'podTemplate'];

const GROUP: TextRule = {
  expected: 'an API group, such as apps.kruise.io',
  because: 'a custom resource\'s group is a domain, and its version doesn\'t matter',
  fix: 'write what stands before the slash of apiVersion',
  holds: (text) => isDnsSubdomain(text) && text.includes('.'),
};
const KIND: TextRule = { expected: 'a kind, such as CloneSet', fix: 'write it as in the manifests', holds: (text) => /^[A-Z][A-Za-z0-9]{0,62}$/.test(text) };
const POD_TEMPLATE: TextRule = {
  expected: 'fields with dots between them, such as spec.template',
  fix: 'write the way to the field with the pods\' metadata and spec',
  holds: (text) => /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(text),
};

/** Where most kinds keep the template of their pods. */
const USUAL = 'spec.template';

/** Kinds that run pods besides those that everybody knows, as a user tells of them. */
export function readWorkloadKinds(fields: Fields, faults: Faults): readonly WorkloadKind[] | undefined {
  if (fields.list('workloadKinds') === undefined) return undefined;
  const read = new Map<string, WorkloadKind>();
  for (const entry of fields.mappings('workloadKinds', NAMES)) {
    const kind = readKind(entry);
    if (kind.group === '' || kind.kind === '') continue;
    const name = groupKind(kind);
    const fault = (actual: string, expected: string, because: string) => faults.fault([...entry.path, 'kind'], { code: 'MTLS092', actual, expected, because, fix: 'delete the entry' });
    if (scopeOf({ apiVersion: `${kind.group}/v1`, kind: kind.kind })) fault(`'${name}'`, 'a kind that isn\'t known already', 'its pods are known, or it has none');
    else if (read.has(name)) fault(`'${name}' once more`, 'each kind once', 'its pods have one template');
    else read.set(name, kind);
  }
  return [...read.values()];
}

function readKind(entry: Fields): WorkloadKind {
  const podTemplate = entry.text('podTemplate', POD_TEMPLATE) ?? USUAL;
  return { group: entry.requiredText('group', GROUP), kind: entry.requiredText('kind', KIND), podTemplate: podTemplate.split('.') };
}
