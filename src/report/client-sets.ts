import { ClientsData } from './data';
import { MeshObject } from '../mesh/inventory/object';
import { Workload } from '../mesh/workloads/workload';

/** Values that are referred to by index, each stored once. */
export class Numbered<T> {
  readonly values: T[] = [];
  private readonly numbers = new Map<string, number>();

  of(value: T): number {
    const key = typeof value === 'string' ? value : JSON.stringify(value);
    let known = this.numbers.get(key);
    if (known === undefined) this.numbers.set(key, known = this.values.push(value) - 1);
    return known;
  }
}

/** The largest client set that is stored as a list. */
export const FEW = 8;

/** Sets of clients, large ones stored as a shared base minus exceptions. */
export class ClientSets {
  readonly bases: (readonly number[])[] = [];
  private readonly sets = new Numbered<ClientsData>();
  private readonly numbers: ReadonlyMap<MeshObject, number>;
  private readonly baseNumbers = new Map<unknown, number>();

  constructor(workloads: readonly Workload[]) {
    this.numbers = new Map(workloads.map(({ object }, index) => [object, index]));
  }

  get all(): readonly ClientsData[] {
    return this.sets.values;
  }

  numberOf({ object }: Workload): number {
    return this.numbers.get(object)!;
  }

  /** The index of a set that is stored as a list. */
  listed(clients: Iterable<Workload>): number {
    return this.sets.of({ only: sorted(Array.from(clients, (client) => this.numberOf(client))) });
  }

  /**
   * The index of a set that is stored as a base with exceptions.
   *
   * @param key tells bases apart
   * @param members of the base, asked for once
   */
  based(key: unknown, members: () => readonly Workload[], without: Iterable<Workload>): number {
    let base = this.baseNumbers.get(key);
    if (base === undefined) {
      const numbers = members().map((client) => this.numberOf(client));
      this.baseNumbers.set(key, base = this.bases.push(runsOf(sorted(numbers))) - 1);
    }
    const exceptions = sorted([...new Set(without)].map((client) => this.numberOf(client)));
    return this.sets.of(exceptions.length === 0 ? { base } : { base, without: exceptions });
  }
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((left, right) => left - right);
}

/** Ranges of ascending numbers, as first and last. */
function runsOf(numbers: readonly number[]): readonly number[] {
  const runs: number[] = [];
  for (const number of numbers) {
    if (runs.length > 0 && runs[runs.length - 1] === number - 1) runs[runs.length - 1] = number;
    else runs.push(number, number);
  }
  return runs;
}
