// How many connections are decided in manifests whose Namespaces are elsewhere, from what `check` and `connections` print.

/** Numbers of connections. */
export interface Decided {
  readonly possible: number;
  /** The same whether the missing namespaces have sidecars or not. */
  readonly always: number;
  /** Decided in each case, and not the same. */
  readonly byCondition: number;
  /** Undecided, though decided in some of the cases. */
  readonly inSomeCases: number;
  /** Without looking at the cases: those that `check` counts, and of these the decided ones. */
  readonly before: { readonly possible: number; readonly decided: number };
}

/** A connection of format 2, as far as it is read here. */
interface Listed {
  readonly transport: { readonly outcome: string };
  readonly branches?: readonly { readonly outcome: string }[];
}

/** The columns of the table, after the folder. */
export const DECIDED_HEADINGS = ['connections', 'decided in every case', 'by condition', 'undecided', 'decided before'];

/**
 * @param report what `check -o json` prints
 * @param listed the connections that `connections -o json --format 2` prints of the same manifests
 */
export function decidedIn(report: any, listed: readonly Listed[]): Decided {
  const outcomes = listed.map(({ transport, branches }) => (branches ?? [transport]).map(({ outcome }) => outcome));
  const isUndecided = (outcome: string) => outcome === 'undecided';
  const unlike = outcomes.filter((all) => all.length > 1);
  return {
    possible: listed.length,
    always: outcomes.filter((all) => all.length === 1 && !isUndecided(all[0])).length,
    byCondition: unlike.filter((all) => !all.some(isUndecided)).length,
    inSomeCases: unlike.filter((all) => all.some(isUndecided) && !all.every(isUndecided)).length,
    before: { possible: report.connections.connections, decided: report.connections.decided },
  };
}

export function sumOf(all: readonly Decided[]): Decided {
  const sum = (numberOf: (one: Decided) => number) => all.reduce((total, one) => total + numberOf(one), 0);
  return {
    possible: sum(({ possible }) => possible),
    always: sum(({ always }) => always),
    byCondition: sum(({ byCondition }) => byCondition),
    inSomeCases: sum(({ inSomeCases }) => inSomeCases),
    before: { possible: sum(({ before }) => before.possible), decided: sum(({ before }) => before.decided) },
  };
}

export function decidedRow(name: string, { possible, always, byCondition, before }: Decided): string {
  const undecided = possible - always - byCondition;
  const shares = [always, byCondition, undecided].map((number) => shareOf(number, possible));
  return `| ${[name, inThousands(possible), ...shares, shareOf(before.decided, before.possible)].join(' | ')} |`;
}

/** A share, and the number: no percentage says all or nothing of what is neither. */
function shareOf(number: number, all: number): string {
  const share = Math.round((100 * number) / all);
  const percentage = number > 0 && share === 0 ? 'under 1' : number < all && share === 100 ? 'over 99' : share;
  return `${percentage} % (${inThousands(number)})`;
}

export function inThousands(number: number): string {
  return number.toLocaleString('en-US');
}
