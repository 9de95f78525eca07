import { isIstioDnsLabel } from './hosts';
import { shown } from '../../../findings/safe-text';
import { Objections, ObjectionText } from '../../objection';

/** What the exported object is, since kinds differ in how they may be exported. */
interface Exporter {
  /** Empty if unknown: `.` then stands for itself. */
  readonly namespace: string;
  /** Only a ServiceEntry may be exported to no one, with `~`. */
  readonly serviceEntry?: boolean;
  /** A DestinationRule for selected workloads stays in its namespace. */
  readonly workloadSelector?: boolean;
}

/** Rejects exportTo entries that aren't namespaces, are duplicates, or contradict each other. */
export function judgeExportTo(at: Objections, exportTo: readonly string[] | undefined, exporter: Exporter): void {
  const entries = exportTo ?? [];
  const home = exporter.namespace || '.';
  const namespaces = new Set<string>();
  entries.forEach((entry, index) => {
    const namespace = entry === '.' ? home : entry;
    if (namespaces.has(namespace)) {
      at.at(index).error(duplicate(entry, home));
    } else if (isExportable(namespace, exporter)) {
      namespaces.add(namespace);
    } else {
      at.at(index).error(notExportable(entry, exporter));
    }
  });
  if (exporter.workloadSelector && namespaces.size > 0) judgeStaysHome(at, namespaces, home);
  if (entries.length > 1 && namespaces.has('*')) at.error(contradiction(entries, '*', 'public already'));
  if (entries.length > 1 && namespaces.has('~')) at.error(contradiction(entries, '~', 'visible to no one'));
}

function isExportable(namespace: string, exporter: Exporter): boolean {
  if (namespace === '~') return exporter.serviceEntry === true;
  return namespace === '.' || namespace === '*' || isIstioDnsLabel(namespace);
}

function judgeStaysHome(at: Objections, namespaces: ReadonlySet<string>, home: string): void {
  if (namespaces.size === 1 && namespaces.has(home)) return;
  at.error({
    code: 'ADMIT408',
    actual: shown([...namespaces]),
    expected: '[\'.\'] or nothing',
    because: 'a DestinationRule with workloadSelector applies only to workloads in its own namespace',
    fix: 'remove exportTo, or remove workloadSelector',
  });
}

function duplicate(entry: string, namespace: string): ObjectionText {
  const twice = entry === '.' ? `'.' beside its own namespace '${namespace}'` : `${shown(entry)} a second time`;
  return {
    code: 'ADMIT408',
    actual: twice,
    expected: 'each namespace once',
    because: '\'.\' stands for the object\'s own namespace',
    fix: 'remove the entry',
  };
}

function contradiction(entries: readonly string[], word: string, meaning: string): ObjectionText {
  return {
    code: 'ADMIT408',
    actual: shown(entries),
    expected: `'${word}' alone, or the other entries without it`,
    because: `with '${word}' the object is ${meaning}`,
    fix: `remove '${word}' or everything else`,
  };
}

function notExportable(entry: string, exporter: Exporter): ObjectionText {
  return {
    code: 'ADMIT407',
    actual: shown(entry),
    expected: exporter.serviceEntry ? '\'.\', \'*\', \'~\' or the name of a namespace' : '\'.\', \'*\' or the name of a namespace',
    because: entry === '~' ? 'only a ServiceEntry can be exported to no one' : 'no namespace has that name',
    fix: 'write \'.\' for its own namespace, \'*\' for all, or the name of a namespace',
  };
}
