import { sep } from 'node:path';
import { TODAY } from './analysis';
import { Evidence } from '../../../src/analysis/evidence';
import { ReadKind, Rule } from '../../../src/analysis/rule';
import { Kind } from '../../../src/mesh/inventory/kinds';
import { MeshObject } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';

/** The contents of an object, other than its kind and name. */
const CONTENTS = ['spec', 'labels', 'annotations', 'source'] as const;

/**
 * Records which kinds of objects a rule reads: those that it reports, those for which code of src/analysis asks, and those of whose
 * contents such code looks at any. The call stack says who reads, so that it makes no difference what the model has read before, and
 * what it reads only now. To sort broken ways by their causes is no rule's own reading. Made once for a mesh, whose objects it watches.
 */
export class Readings {
  private kinds: Set<ReadKind> | undefined;
  private readonly podKinds: ReadonlySet<string>;

  constructor(private readonly mesh: Mesh) {
    const { objects } = mesh;
    this.podKinds = new Set(['PodTemplate', ...objects.workloadKinds.all.map(({ kind }) => kind)]);
    for (const object of [...objects.all(), ...objects.replaced.map((replaced) => replaced.object)]) this.watch(object);
    const of = objects.of.bind(objects);
    objects.of = (kind: Kind) => {
      this.note(kind.kind);
      return of(kind);
    };
  }

  /** The kinds that a rule reads while it runs. */
  of(rule: Rule): ReadonlySet<ReadKind> {
    const evidence = new Evidence(this.mesh, TODAY);
    evidence.brokenBy('empty-tls'); // Sorts them all.
    const kinds = this.kinds = new Set<ReadKind>();
    for (const { object: { kind } } of rule.find(evidence)) kinds.add(this.nameOf(kind));
    this.kinds = undefined;
    return kinds;
  }

  private watch(object: MeshObject): void {
    for (const key of CONTENTS) {
      const value = object[key];
      const get = () => {
        this.note(object.kind);
        return value;
      };
      Object.defineProperty(object, key, { enumerable: true, configurable: true, get });
    }
  }

  private note(kind: string): void {
    const name = this.nameOf(kind);
    if (this.kinds && !this.kinds.has(name) && isReadByAnalysis()) this.kinds.add(name);
  }

  private nameOf(kind: string): ReadKind {
    return this.podKinds.has(kind) ? 'workload' : kind as ReadKind;
  }
}

const ANALYSIS = `${sep}src${sep}analysis${sep}`;

/** Helpers that read on behalf of their caller. */
const HELPERS = [__filename, `${sep}src${sep}mesh${sep}inventory${sep}`, `${sep}src${sep}findings${sep}`];

/** Whether the analysis reads, and not the model that it queries. */
function isReadByAnalysis(): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 20;
    Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName() ?? '');
    const files = (new Error().stack as unknown as readonly string[]).filter((file) => file.includes(sep));
    const reader = files.find((file) => !file.startsWith('node:') && !HELPERS.some((part) => file.includes(part)));
    return reader!.includes(ANALYSIS);
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}
