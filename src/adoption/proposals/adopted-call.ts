import { CallExpression, FieldExpressions } from '../expression';

/** A call that Calls may write. */
export interface AdoptedCall {
  /** The workload that makes it; undefined if its caller isn't among those that declare their calls. */
  readonly client?: number;
  /** Who makes it instead. */
  readonly caller?: CallExpression;
  /** The Service or ServiceEntry. */
  readonly service: number;
  /** What is called, as errors of Calls name it: `shop/cart`. */
  readonly to: string;
  /** The entry of the client's annotation: `shop/cart:80`. */
  readonly entry?: string;
  readonly options?: FieldExpressions;
  /** The AuthorizationPolicy that allows it. */
  readonly policy?: number;
}

/** The calls of an AuthorizationPolicy, by its rules and the sources in them: all calls of a source have one identity. */
export type CallsOfPolicy = readonly (readonly (readonly AdoptedCall[])[])[];
