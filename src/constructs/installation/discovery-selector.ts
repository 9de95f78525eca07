/** Selects namespaces by their labels. All conditions must match; without conditions, it selects all namespaces. */
export interface DiscoverySelector {
  /**
   * Labels that a namespace must have.
   *
   * @default - none
   */
  readonly matchLabels?: { [key: string]: string };

  /**
   * More conditions on labels.
   *
   * @default - none
   */
  readonly matchExpressions?: DiscoverySelectorRequirement[];
}

/** One condition on a namespace's labels. */
export interface DiscoverySelectorRequirement {
  /** The label's key. */
  readonly key: string;

  /** How the label is compared with `values`. */
  readonly operator: DiscoverySelectorOperator;

  /**
   * The values to compare: at least one for IN and NOT_IN, none for the other operators.
   *
   * @default - none
   */
  readonly values?: string[];
}

/** How a label is compared with a requirement's values. */
export enum DiscoverySelectorOperator {
  /** The label has one of the values. */
  IN = 'In',
  /** The label has none of the values, or doesn't exist. */
  NOT_IN = 'NotIn',
  /** The label exists. */
  EXISTS = 'Exists',
  /** The label doesn't exist. */
  DOES_NOT_EXIST = 'DoesNotExist',
}
