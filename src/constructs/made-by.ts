import { Refuse } from './refuse';

/** A value that only one class of the library makes. */
export interface MadeValue {
  readonly field: string;
  readonly value: unknown;
  /** A member that tells its class. */
  readonly member: string;
}

/** Refuses what the maker named didn't make, such as an object of Istio's YAML. TypeScript does so too. */
export function checkMadeBy(maker: string, { field, value, member }: MadeValue, refuse: Refuse): void {
  if (Object(value)[member] !== undefined) return;
  throw refuse({
    code: 'MTLS019',
    field,
    actual: value === undefined || value === null ? 'missing' : `of type ${typeof value}, and of another class`,
    expected: `what ${maker} makes`,
    because: 'nothing else is checked',
    fix: `use ${maker}`,
  });
}
