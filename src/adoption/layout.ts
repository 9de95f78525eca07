import { Meshes } from './adopted-mesh';
import { CallExpression, FieldExpressions, Name, namesInExpression, options } from './expression';
import { ProgramLine } from './program';
import { withoutDeclaration } from './proposals/declarations';
import { AdoptedMesh, Proposal } from './proposals/proposal';
import { metadataCalls, rawProps } from './raw-object';
import { constructId, FreeNames, variableName } from './typescript';
import { Mapping, mapping, text } from '../manifests/mapping';
import { grouped } from '../mesh/collections';

/** An object of the program, and how it is written. */
export interface ProgramPart {
  readonly index: number;
  /** Undefined: as an ApiObject. */
  readonly proposal?: Proposal;
  /** The object whose part makes the construct, if one construct writes both. */
  readonly partOf?: number;
  /** Why it is an ApiObject though objects of its kind are adopted. */
  readonly note?: string;
  readonly patches: readonly CallExpression[];
  /** Whether lines for its calls write its annotation. */
  readonly isDeclared: boolean;
}

/** A chart of the program. */
interface ChartName {
  readonly variable: string;
  readonly id: string;
  readonly namespace?: string;
}

/** Names that aren't free. */
interface TakenNames {
  readonly variables: readonly string[];
  readonly ids: readonly string[];
}

/** Ids that cdk8s leaves out of the names of files, and one that every object of JavaScript has. */
const UNFIT_IDS = ['pod', 'resource', 'constructor'];

/** What everything is called in the program, and where it stands: a chart a namespace, in the order in which objects name them. */
export class ProgramLayout {
  /** By namespace. */
  private readonly charts = new Map<string | undefined, ChartName>();
  private readonly ids: readonly string[];
  private readonly variables: readonly string[];
  private readonly byPath = new Map<string, number>();

  /** @param taken what is called otherwise than by an object */
  public constructor(private readonly objects: readonly Mapping[], private readonly mesh: AdoptedMesh, taken: TakenNames) {
    const variables = new FreeNames('', taken.variables);
    const chartIds = new FreeNames('-', UNFIT_IDS);
    for (const namespace of [...objects.map(namespaceOf), mesh.namespace]) {
      if (this.charts.has(namespace)) continue;
      const words = namespace ?? 'cluster';
      this.charts.set(namespace, {
        variable: variables.free(variableName([words], 'Chart'), variableName([words, 'chart'], 'Chart')),
        id: chartIds.free(constructId(words)),
        namespace,
      });
    }
    const idsOf = new Map([...this.charts.keys()].map((namespace) => [namespace, new FreeNames('-', [...UNFIT_IDS, ...taken.ids])]));
    const texts = objects.map((object) => ({ object, name: text(mapping(object.metadata).name) ?? '', kind: text(object.kind) ?? '' }));
    this.ids = texts.map(({ object, name, kind }) => idsOf.get(namespaceOf(object))!.free(constructId(name, kind)));
    this.variables = texts.map(({ object, name, kind }) => variables.free(variableName([name, kind], 'Object'),
      variableName([namespaceOf(object) ?? '', name, kind], 'Object')));
    for (const [index, object] of objects.entries()) this.byPath.set(`${this.chartOf(namespaceOf(object)).id}/${this.ids[index]}`, index);
  }

  public variableOf(index: number): string {
    return this.variables[index];
  }

  /** The objects whose constructs a message names by their paths. */
  public indicesIn(message: string): readonly number[] {
    const paths = [...message.matchAll(/\(([^()\s]+)\)/g)].map(([, path]) => path.split('/').slice(0, 2).join('/'));
    return [...new Set(paths.flatMap((path) => this.byPath.get(path) ?? []))];
  }

  /** @param meshes undefined: no construct needs any */
  public linesOf(parts: readonly ProgramPart[], meshes: Meshes | undefined): readonly ProgramLine[] {
    const owners = parts.filter(({ partOf, proposal }) => partOf === undefined && proposal?.child === undefined);
    const byOwner = grouped(parts.filter(({ partOf }) => partOf !== undefined), ({ partOf }) => partOf!);
    const byNamespace = new Map(grouped(owners, ({ index }) => namespaceOf(this.objects[index])));
    const meshLines = meshes?.lines(this.chartOf(this.mesh.namespace).variable) ?? [];
    const first = meshLines.length > 0 ? [this.mesh.namespace] : [];
    const told = new Set<string>();
    const late: ProgramPart[] = [];
    const lines: ProgramLine[] = [];
    for (const namespace of new Set([...first, ...byNamespace.keys()])) {
      const chart = this.chartOf(namespace);
      lines.push({
        declares: chart.variable, call: CallExpression.create('Chart', new Name('app'), chart.id, options({ namespace })), isNewPart: true,
      });
      if (namespace === this.mesh.namespace) lines.push(...meshLines);
      const own = byNamespace.get(namespace) ?? [];
      for (const part of own.filter(({ proposal }) => proposal?.construct !== 'HttpRoute')) {
        told.add(this.variables[part.index]);
        lines.push(...this.linesOfParts([part, ...byOwner.get(part.index) ?? []]));
      }
      for (const part of own.filter(({ proposal }) => proposal?.construct === 'HttpRoute')) {
        if (namesInExpression(part.proposal!.props).some((name) => /^[a-z]/.test(name) && !told.has(name))) late.push(part);
        else lines.push(...this.linesOfParts([part]));
      }
    }
    const lateLines = late.flatMap((part) => this.linesOfParts([part]));
    return [...lines, ...lateLines.map((line, number) => ({ ...line, isNewPart: number === 0 }))];
  }

  private chartOf(namespace: string | undefined): ChartName {
    return this.charts.get(namespace)!;
  }

  /** @param parts of one construct, that which makes it first */
  private linesOfParts(parts: readonly ProgramPart[]): readonly ProgramLine[] {
    const [{ index, proposal, note, isDeclared }] = parts;
    const object = this.objects[index];
    const [variable, id, chart] = [this.variables[index], this.ids[index], new Name(this.chartOf(namespaceOf(object)).variable)];
    const [construct, props]: [string, FieldExpressions | undefined] = proposal
      ? [proposal.construct, proposal.props]
      : ['ApiObject', rawProps(isDeclared ? withoutDeclaration(object) : object)];
    return [
      { index, declares: variable, call: CallExpression.create(construct, chart, id, props), comment: note && `No construct: ${note}` },
      ...parts.flatMap((part) => this.callsOf(part, variable).map((call) => ({ index: part.index, call }))),
    ];
  }

  /** What makes all of an object of what a construct writes of it. */
  private callsOf({ index, proposal, patches }: ProgramPart, variable: string): readonly CallExpression[] {
    const owner = proposal?.member === undefined ? variable : `${variable}.${proposal.member}`;
    return [
      ...proposal ? metadataCalls(owner, this.objects[index], proposal.takesLabels, proposal.ownAnnotations) : [],
      ...patches.length > 0 ? [CallExpression.of(`${owner}.addJsonPatch`, ...patches)] : [],
    ];
  }
}

function namespaceOf({ metadata }: Mapping): string | undefined {
  const { namespace } = mapping(metadata);
  return typeof namespace === 'string' ? namespace : undefined;
}
